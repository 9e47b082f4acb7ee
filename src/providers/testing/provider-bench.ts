import { expect } from "vitest";
import type { Provider, SendOrder } from "../provider.ts";

/** A provider in front of a platform that works, and beside it the same one in front of platforms that do not. */
export interface ProviderBench {
  readonly provider: Provider;
  /** Nobody listens where this one calls. */
  readonly unreachable: Provider;
  /** What this one calls reads everything and never answers. */
  readonly silent: Provider;
  /** Resolves when that has read the next request to its end. */
  heard(): Promise<unknown>;
  /** A new submission of a good picture. */
  makeOrder(change?: Partial<SendOrder>): SendOrder;
  /** A picture of a raster that the product does not have. */
  readonly badBytes: Uint8Array;
  /** SHA-256 (hex) of what goes out for a picture. */
  sentSha256(bytes: Uint8Array): Promise<string>;
  /** A push notification as the platform sends it for this picture, with our reference if it has one; a null code means accepted. */
  notification(
    cardImageId: string,
    code: string | null,
    reference?: string,
  ): { headers: Record<string, string>; body: string };
  /** Any body, sent as the platform sends its notifications. */
  signed(body: string): { headers: Record<string, string>; body: string };
  /** SHA-256 (hex) of what the platform stored under this id. */
  storedSha256(cardImageId: string): Promise<string | undefined>;
  /** Must appear in nothing that the provider returns or throws. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** The id of a picture that has just been accepted. */
export async function acceptedId({ provider, makeOrder }: ProviderBench): Promise<string> {
  const outcome = await provider.send(makeOrder(), AbortSignal.timeout(60_000));
  expect(outcome).toMatchObject({ kind: "accepted", cardImageId: expect.any(String) });
  return outcome.kind === "accepted" ? outcome.cardImageId : "";
}
