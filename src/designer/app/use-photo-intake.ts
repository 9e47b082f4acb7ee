import {
  type DragEvent,
  type HTMLAttributes,
  type InputHTMLAttributes,
  type RefAttributes,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import type { NoticeCode } from "../flow/notice.ts";
import type { FirstSession } from "../flow/use-session.tsx";
import { type PagePicker, usePagePicker } from "./use-page-picker.ts";

/**
 * What the file dialog offers first: exactly what can be opened. Some systems know HEIC and TIFF by their endings only. Whatever is
 * picked is judged by its bytes.
 */
const photoTypes =
  "image/jpeg,image/png,image/webp,image/avif,image/gif,image/bmp,image/heic,image/heif,image/tiff,.heic,.heif,.tif,.tiff";

/** Where files are dropped and picked. */
export interface Zone {
  readonly rootProps: HTMLAttributes<HTMLDivElement> & RefAttributes<HTMLDivElement>;
  readonly inputProps: InputHTMLAttributes<HTMLInputElement> & RefAttributes<HTMLInputElement>;
  /** Files hang over it. */
  readonly isOver: boolean;
  /** Opens the file dialog. */
  readonly open: () => void;
}

type OnFiles = (files: readonly File[]) => void;

interface PhotoIntake extends PagePicker, Pick<Zone, "rootProps" | "inputProps" | "isOver"> {
  /** For the drop zone that takes over from the plain one. */
  readonly zoneProps: { readonly onFiles: OnFiles; readonly onZone: (zone: Zone) => void };
  /** Takes files that did not come through the drop zone, such as the camera's. */
  readonly take: OnFiles;
}

/** Photos by drop, file dialog and paste, anywhere on the page, while `enabled`. */
export function usePhotoIntake({ flow, product, askForImage }: FirstSession, enabled: boolean): PhotoIntake {
  const onFiles = useCallback<OnFiles>(
    (files) => void (enabled && files.length > 0 && flow.openPhoto(files)),
    [flow, enabled],
  );
  const plainZone = usePlainZone(onFiles);
  const [loadedZone, setLoadedZone] = useState<Zone>();
  const zone = loadedZone ?? plainZone;
  const limits = { accept: photoTypes, maxBytes: product.maxPhotoBytes };
  const picker = usePagePicker(askForImage, flow, limits, enabled, zone.open);

  useEffect(() => {
    if (!enabled) return;
    const onPaste = (event: ClipboardEvent): void => {
      const files = filesOf(event);
      if (files.length === 0 && event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      if (files.length > 0) void flow.openPhoto(files);
      else flow.showNotice("no-picture-pasted");
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [flow, enabled]);

  const onDrop = (event: DragEvent<HTMLDivElement>): void => {
    const missing = enabled && nameMissing(event);
    if (missing) flow.showNotice(missing);
    zone.rootProps.onDrop?.(event);
  };
  return {
    rootProps: { ...zone.rootProps, onDrop },
    inputProps: { ...zone.inputProps, accept: photoTypes, multiple: false, "aria-hidden": true, tabIndex: -1 },
    isOver: enabled && zone.isOver,
    zoneProps: { onFiles, onZone: setLoadedZone },
    ...picker,
    take: onFiles,
  };
}

/** Takes what is dropped and picked before the real drop zone has been loaded. */
function usePlainZone(onFiles: OnFiles): Zone {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  return {
    rootProps: {
      onDragOver: (event) => {
        event.preventDefault();
        setIsOver(bringsFiles(event));
      },
      onDragLeave: ({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setIsOver(false);
      },
      onDrop: (event) => {
        event.preventDefault();
        setIsOver(false);
        onFiles(filesOf(event));
      },
    },
    inputProps: {
      ref: input,
      type: "file",
      hidden: true,
      onChange: ({ currentTarget: { files } }) => files?.length && onFiles([...files]),
    },
    isOver,
    open: () => {
      if (input.current === null) return;
      // So that the same file can be picked again.
      input.current.value = "";
      input.current.click();
    },
  };
}

function bringsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.includes("Files");
}

/** What a drop, a paste or a file dialog brings, without folders. */
export function filesOf(event: object): File[] {
  const { dataTransfer, clipboardData, target } = event as Partial<DragEvent & ClipboardEvent>;
  const transfer = dataTransfer ?? clipboardData;
  if (!transfer) return [...((target as HTMLInputElement | undefined)?.files ?? [])];
  return [...transfer.items].flatMap((item) => (isFolder(item) ? [] : (item.getAsFile() ?? [])));
}

function isFolder(item: DataTransferItem): boolean {
  return item.kind === "file" && item.webkitGetAsEntry?.()?.isDirectory === true;
}

/** What to say of a drop that brings no file; null of one that does. */
function nameMissing(event: DragEvent): NoticeCode | null {
  if (filesOf(event).length > 0) return null;
  const { items, types } = event.dataTransfer;
  if ([...items].some(isFolder)) return "folder-dropped";
  // Mail programs promise files which no page gets.
  return types.some((type) => /file/i.test(type)) ? "no-file-dropped" : "no-picture-pasted";
}
