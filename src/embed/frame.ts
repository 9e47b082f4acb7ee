export const firstHeightPx = 640;

/**
 * The designer's frame, not yet on the page. It may run scripts and forms of its own origin, share a picture of the card and feel how the
 * phone is held.
 */
export const createFrame = (src: string, title = "Card designer"): HTMLIFrameElement => {
  const frame = document.createElement("iframe");
  const sandbox = "allow-scripts allow-same-origin allow-forms allow-downloads";
  const allow = "accelerometer; gyroscope; web-share; clipboard-write";
  Object.assign(frame, { title, src, allow, referrerPolicy: "no-referrer", sandbox });
  frame.style.cssText = `display:block;width:100%;border:0;height:${firstHeightPx}px`;
  return frame;
};
