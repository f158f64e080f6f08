// Words that TypeScript's own library has no types for.

export const isOneOf = <T>(list: readonly T[], value: unknown): value is T => list.includes(value as T);

export const namesOf = <Name extends string>(record: Record<Name, unknown>) => Object.keys(record) as Name[];

export const entriesOf = <Name extends string, Value>(record: Partial<Record<Name, Value>>) =>
  Object.entries(record) as [Name, Value][];
