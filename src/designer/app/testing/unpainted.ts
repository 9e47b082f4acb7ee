// Run by Vitest before every file in a browser. Nobody looks: what is laid out and hit as ever need not be made into pixels, which takes
// a fifth of the time. Canvases have theirs all the same.
(window.frameElement as HTMLIFrameElement).style.opacity = "0";
