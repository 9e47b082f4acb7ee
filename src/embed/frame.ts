export const firstHeightPx = 640;

/** Adds declarations. Those ended by a semicolon hold whatever the page's own styles say of frames: of a video, for example. */
export const addStyle = ({ style }: HTMLElement, declarations: string): void => {
  style.cssText += declarations.replace(/;/g, "!important;");
};

/**
 * The designer's frame, not yet on the page. It may run scripts and forms of its own origin, share a picture of the card and feel how the
 * phone is held.
 */
export const createFrame = (src: string, title = "Card designer"): HTMLIFrameElement => {
  const frame = document.createElement("iframe");
  const sandbox = "allow-scripts allow-same-origin allow-forms allow-downloads";
  const allow = "accelerometer; gyroscope; web-share; clipboard-write";
  Object.assign(frame, { title, src, allow, referrerPolicy: "no-referrer", sandbox });
  // The margin keeps a step's heading clear of a header of the page's. The page may hide the frame, as for printing: `display` is the last.
  addStyle(
    frame,
    `padding:0;max-width:none;max-height:none;width:100%;border:0;min-width:0;scroll-margin:64px;height:${firstHeightPx}px;display:block`,
  );
  return frame;
};
