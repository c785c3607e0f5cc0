/** JSON pointers (RFC 6901): the address that a field of a form and a fault of the API have in common. */

const parts = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

/** What stands at an address; `undefined` where nothing does. */
export function at(root: unknown, pointer: string): unknown {
  return parts(pointer).reduce<unknown>(
    (value, part) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined),
    root,
  );
}

/** The same, with another value at an address; what does not change is the same object as before. Missing objects on the way are made. */
export function withAt<T>(root: T, pointer: string, value: unknown): T {
  const set = (node: unknown, path: string[]): unknown => {
    const [head, ...rest] = path;
    if (head === undefined) return value;
    if (Array.isArray(node)) return node.map((item: unknown, index) => (String(index) === head ? set(item, rest) : item));
    const object = (typeof node === "object" && node !== null ? node : {}) as Record<string, unknown>;
    return { ...object, [head]: set(object[head], rest) };
  };
  return set(root, parts(pointer)) as T;
}

/** The id of the input of an address, by which a link goes to its field. */
export const fieldId = (pointer: string): string => `champ${pointer.replaceAll("/", "-")}`;
