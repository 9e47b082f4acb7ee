export const firstHeightPx = 640;

/** The designer's frame, not yet on the page. It may run scripts and forms of its own origin, and share a picture of the card. */
export function createFrame(src: string, title = "Card designer"): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  const sandbox = "allow-scripts allow-same-origin allow-forms allow-downloads";
  Object.assign(frame, { title, src, allow: "web-share", referrerPolicy: "no-referrer", sandbox });
  frame.style.cssText = `display:block;width:100%;border:0;height:${firstHeightPx}px`;
  return frame;
}
