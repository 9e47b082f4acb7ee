/** The part of the Trusted Types API that is used here; TypeScript's DOM library does not have it yet. */
interface TrustedTypesFactory {
  createPolicy(
    name: string,
    rules: { createHTML(text: string): string | null; createScriptURL(url: string): string | null },
  ): unknown;
}

/**
 * Installs the one policy that `require-trusted-types-for 'script'; trusted-types default` leaves open:
 * the empty string as HTML (Konva clears its container so) and scripts of our own origin (workers). All else throws.
 */
export function installTrustedTypes(page: Window = window): void {
  const factory = (page as Window & { trustedTypes?: TrustedTypesFactory }).trustedTypes;
  factory?.createPolicy("default", {
    createHTML: (text) => (text === "" ? "" : null),
    createScriptURL: (url) => (new URL(url, page.location.href).origin === page.location.origin ? url : null),
  });
}
