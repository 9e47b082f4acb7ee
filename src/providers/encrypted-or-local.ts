const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether what goes to this address is encrypted, or does not leave this machine. */
export function isEncryptedOrLocal(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && loopback.test(url.hostname));
}
