/** Opens a page in the browser of this person. The package is loaded late: few commands open anything. */
export async function openInBrowser(url: string): Promise<void> {
  const { default: open } = await import('open');
  const child = await open(url);
  // Without a browser this says so later, when nobody waits any more.
  child.once('error', () => {});
}
