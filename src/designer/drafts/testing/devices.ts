import { afterEach, beforeEach, expect, type Mock, vi } from "vitest";
import { makeBare } from "#image/bare-photo.ts";
import { createMemoryStore, type DeviceStore } from "../draft-store.ts";
import { createSyncedStore } from "../synced-store.ts";
import { cardOf } from "./cards.ts";
import { makeServer } from "./draft-server.ts";

/** Devices of one cardholder with one server, anew for each test of a file that asks for them. */
export function useDevices() {
  const overtaken: Mock<() => void> = vi.fn();
  let server: ReturnType<typeof makeServer>;
  let page: EventTarget;
  beforeEach(() => {
    overtaken.mockReset();
    server = makeServer();
    page = new EventTarget();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  const openPage = (device: DeviceStore = createMemoryStore(), hasDraft = true) =>
    createSyncedStore({ device, server: server.drafts, makeBare, hasDraft, onOvertaken: overtaken });
  const isSent = async (device: DeviceStore) => (await device.read())?.sync.state === "sent";
  return {
    overtaken,
    server: () => server,
    openPage,
    isSent,
    ground: () => server.design()?.ground ?? null,
    goOnline: () => page.dispatchEvent(new Event("online")),
    /** A device whose card the server has. */
    async makeSynced(colour = "#111111") {
      const device = createMemoryStore();
      const store = openPage(device);
      await store.write(cardOf(colour));
      await expect.poll(() => isSent(device)).toBe(true);
      return { device, store };
    },
  };
}
