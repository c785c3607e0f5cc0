/** PDFs and files: fetched with the token of the session, then shown or saved by the browser. */
import { authorizedFetch } from "./client";
import { problemOf } from "./problemes";

async function blob(path: string): Promise<{ content: Blob; name: string }> {
  const response = await authorizedFetch(new Request(path));
  if (!response.ok) throw problemOf(response, await response.json().catch(() => null));
  const name = /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "document";
  return { content: await response.blob(), name };
}

/**
 * Shows a PDF in a tab of its own, from where it is printed. The tab is opened at once: a browser lets nobody open one after a wait, so a path that
 * is known only later (once what is typed is saved) is given as a promise.
 */
export async function showDocument(path: string | Promise<string>): Promise<void> {
  const tab = window.open("", "_blank");
  try {
    const { content, name } = await blob(await path);
    const url = URL.createObjectURL(content);
    if (tab) tab.location.replace(url);
    else save(url, name);
  } catch (error) {
    tab?.close();
    throw error;
  }
}

/** Saves a file. */
export async function saveFile(path: string): Promise<void> {
  const { content, name } = await blob(path);
  const url = URL.createObjectURL(content);
  save(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
