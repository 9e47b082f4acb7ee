import { type ReactNode, useLayoutEffect } from "react";
import { useDropzone } from "react-dropzone";
import { filesOf, type Zone } from "./use-photo-intake.ts";

interface DropZoneProps {
  readonly onFiles: (files: readonly File[]) => void;
  /** Is told of each state of the zone. */
  readonly onZone: (zone: Zone) => void;
}

/** The drop zone's own would bring all that is in a folder. The same one always, or the zone would be another each time it is drawn. */
const getFilesFromEvent = async (event: object): Promise<File[]> => filesOf(event);

/** The drop zone for the elements that its properties are given to, which stand outside: they were there before it. */
export function DropZone({ onFiles, onZone }: DropZoneProps): ReactNode {
  // Never `disabled`: a file dropped where no photo is wanted would replace the page, and the design with it.
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    onDrop: onFiles,
    getFilesFromEvent,
    noClick: true,
    noKeyboard: true,
    noPaste: true,
    useFsAccessApi: false,
  });
  useLayoutEffect(
    () =>
      onZone({ rootProps: getRootProps({ role: undefined }), inputProps: getInputProps(), isOver: isDragActive, open }),
    [onZone, getRootProps, getInputProps, isDragActive, open],
  );
  return null;
}
