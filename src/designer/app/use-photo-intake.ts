import { useEffect } from "react";
import { type DropzoneState, useDropzone } from "react-dropzone";
import type { Flow } from "../flow/flow.ts";

/**
 * What the file dialog offers first: exactly what can be opened. With HEIC left out, Safari converts an iPhone's photo to
 * JPEG. Whatever is picked is judged by its bytes.
 */
const photoTypes = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/bmp";

interface PhotoIntake {
  readonly rootProps: ReturnType<DropzoneState["getRootProps"]>;
  readonly inputProps: ReturnType<DropzoneState["getInputProps"]>;
  /** Files hang over the page. */
  readonly isOver: boolean;
  /** Opens the file dialog. */
  readonly browse: () => void;
  /** Takes files that did not come through the drop zone, such as the camera's. */
  readonly take: (files: readonly File[]) => void;
}

/** Photos by drop, file dialog and paste, anywhere on the page, while `enabled`. */
export function usePhotoIntake(flow: Flow, enabled: boolean): PhotoIntake {
  const zone = useDropzone({
    // Never `disabled`: a file dropped where no photo is wanted would replace the page, and the design with it.
    onDrop: (files) => enabled && takeTransfer(flow, files),
    noClick: true,
    noKeyboard: true,
    useFsAccessApi: false,
  });

  useEffect(() => {
    if (!enabled) return;
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 && event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      takeTransfer(flow, files);
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [flow, enabled]);

  return {
    rootProps: zone.getRootProps({
      role: undefined,
      onDrop: ({ dataTransfer }) => {
        if (enabled && bringsAddressOnly(dataTransfer.types)) flow.showNotice("no-picture-pasted");
      },
    }),
    inputProps: zone.getInputProps({ accept: photoTypes, multiple: false, "aria-hidden": true, tabIndex: -1 }),
    isOver: enabled && zone.isDragActive,
    browse: () => {
      // Whoever looks for another photo is not to find the preview of this one behind the dialog.
      flow.stopRendering();
      zone.open();
    },
    take: (files) => takeFiles(flow, files),
  };
}

function takeFiles(flow: Flow, files: readonly File[]): void {
  const [file] = files;
  if (file === undefined) return;
  if (files.length > 1) flow.showNotice("two-files");
  else void flow.openPhoto(file);
}

/** The same for a drop or a paste, which may bring no file at all. */
function takeTransfer(flow: Flow, files: readonly File[]): void {
  if (files.length === 0) flow.showNotice("no-picture-pasted");
  else takeFiles(flow, files);
}

/** True for a picture or a link that is dragged from another page, which may bring its address and no file. */
function bringsAddressOnly(types: readonly string[]): boolean {
  return types.includes("text/uri-list") && !types.includes("Files");
}
