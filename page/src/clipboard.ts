// The clipboard.

/** Copies a table as HTML and as text. A browser that has no way but the newer one removes what only Excel reads. */
export async function copyTable(html: string, text: string) {
  let isCopied = false;
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/html", html);
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    isCopied = true;
  };
  document.addEventListener("copy", fill);
  document.execCommand("copy");
  document.removeEventListener("copy", fill);
  if (isCopied) return;
  const blob = (content: string, type: string) => new Blob([content], { type });
  const item = { "text/html": blob(html, "text/html"), "text/plain": blob(text, "text/plain") };
  await navigator.clipboard.write([new ClipboardItem(item)]);
}

/** A picture may be promised, since a browser may refuse what it is asked for after the click. */
export const copyPicture = async (picture: Promise<Blob>) =>
  navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
