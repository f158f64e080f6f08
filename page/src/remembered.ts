// The browser remembers from one Monday to the next. Some browsers refuse, or forget when they are closed.

const PREFIX = "tiltaksstatistikk.";

export function recall(name: string) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // The page works without.
  }
}
