import { NoConnection, readProblem } from "./request.ts";

export interface Upload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  /** 0 to 1 while the bytes leave; 1 means that all have left, not that they have arrived. */
  readonly onProgress: (fraction: number) => void;
  readonly signal: AbortSignal;
}

/** Sends bytes by POST and resolves with the answer's text. Rejects with Problem, NoConnection, or the signal's reason. */
export type SendUpload = (upload: Upload) => Promise<string>;

/** The longest an upload may take as a whole: 12 MB at 1 Mbit/s is 96 s. */
const timeoutMs = 180_000;

/** By XMLHttpRequest, since `fetch` does not tell how much has left. */
export const sendUpload: SendUpload = ({ url, headers, body, onProgress, signal }) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  const xhr = new XMLHttpRequest();
  const abort = () => xhr.abort();
  xhr.open("POST", url);
  xhr.timeout = timeoutMs;
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  xhr.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
  xhr.upload.onload = () => onProgress(1);
  xhr.onload = () => {
    if (xhr.status >= 200 && xhr.status < 300) resolve(xhr.responseText);
    else reject(readProblem(xhr.status, xhr.responseText, xhr.getResponseHeader("retry-after")));
  };
  xhr.onerror = () => reject(new NoConnection());
  xhr.ontimeout = () => reject(new NoConnection());
  xhr.onabort = () => reject(signal.reason);
  xhr.onloadend = () => signal.removeEventListener("abort", abort);
  signal.addEventListener("abort", abort, { once: true });
  xhr.send(body);
  return promise;
};
