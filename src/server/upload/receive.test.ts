import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { KyselyPlugin } from "kysely";
import { expect, test } from "vitest";
import { openTestApp } from "../testing/app.ts";
import { enterSession } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { openMemoryStore } from "../testing/store.ts";
import { endings, writeMessage } from "../testing/wire.ts";

/** Keeps whoever looks for a design waiting for its answer. */
function pauseAtDesign() {
  const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const paused = new WeakSet<object>();
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      if (node.kind === "SelectQueryNode" && JSON.stringify(node.from).includes('"designs"')) paused.add(queryId);
      return node;
    },
    async transformResult({ result, queryId }) {
      if (paused.has(queryId)) {
        reached.resolve();
        await goOn.promise;
      }
      return result;
    },
  };
  return { plugin, reached: reached.promise, goOn: goOn.resolve };
}

test.each(Object.keys(endings))(
  "a picture that has come whole is stored when its connection is then %s, and its session goes on",
  async (ending) => {
    const picture = makePicture();
    const pause = pauseAtDesign();
    const store = (await openMemoryStore()).withPlugin(pause.plugin);
    const server = await openTestApp({ parts: { store } });
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    const frame = await enterSession(url);
    const designSha256 = await frame.putDesign();
    const route = { method: "POST", url: `/v1/sessions/${frame.sessionId}/submissions` };
    const { head, body } = writeMessage(route, frame.headersFor(picture, designSha256), picture);

    const connected = once(server.app.server, "connection");
    const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => {}).resume();
    const [other] = (await connected) as [Socket];
    const lost = new Promise((resolve) => other.once("close", resolve));
    socket.write(head);
    socket.write(body);
    await pause.reached;
    endings[ending]?.(socket);
    socket.once("end", () => socket.destroy());
    await lost;
    pause.goOn();

    const submissions = () => store.selectFrom("submissions").select("state").execute();
    await expect.poll(submissions).toEqual([{ state: "queued" }]);
    const again = await frame.send(picture, designSha256);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([202, "true"]);
    await server.close();
  },
);
