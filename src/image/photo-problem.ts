/** Why a file cannot become a card picture. The designer has one sentence for each, and what to do about it. */
export type PhotoProblemCode =
  | "empty-file"
  | "file-too-large"
  | "too-many-pixels"
  | "photo-too-small"
  | "not-an-image"
  | "svg-image"
  | "heic-image"
  | "raw-image"
  | "pdf-file"
  | "video-file"
  | "damaged-image"
  | "out-of-memory"
  /** The worker could not be loaded, died or stayed silent: nothing is known of the file. */
  | "open-failed"
  | "render-failed";

export class PhotoProblem extends Error {
  readonly code: PhotoProblemCode;
  constructor(code: PhotoProblemCode, options?: ErrorOptions) {
    super(code, options);
    this.name = "PhotoProblem";
    this.code = code;
  }
}
