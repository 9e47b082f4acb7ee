import { getEventListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SubmissionView } from "#contracts/submission.ts";
import type { wait } from "./request.ts";
import {
  cut,
  json,
  openScriptedServer,
  problem,
  type Reply,
  type ScriptedServer,
  session,
  submission,
  tokenAnswer,
} from "./testing/scripted-server.ts";

let server: ScriptedServer;

beforeEach(async () => {
  server = await openScriptedServer();
});
afterEach(() => server.close());

describe("following", () => {
  function events(...views: readonly SubmissionView[]): Reply {
    return (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": still here\n\n");
      for (const view of views) response.write(`id: ${view.sequence}\ndata: ${JSON.stringify(view)}\n\n`);
      response.end();
    };
  }
  const follow = async (from: SubmissionView, signal = AbortSignal.timeout(60_000)) => {
    const states: string[] = [];
    const api = server.connect();
    await api.open();
    await api.followSubmission(from, (now) => states.push(now.state), signal);
    return states;
  };

  it("tells every state once and ends with the last", async () => {
    server.script["GET /events"] = [
      events(submission("queued", 2), submission("accepted", 3), submission("approved", 4)),
    ];
    expect(await follow(submission("stored", 1))).toEqual(["queued", "accepted", "approved"]);
  });

  it("waits as long as a server that has too much to do asks, and goes on", async () => {
    const approved = submission("approved", 4);
    server.script["GET /events"] = [problem("too-many-requests", { "retry-after": "9" }), events(approved)];
    server.script["GET /s1"] = [json(session(submission("stored", 1)))];
    expect(await follow(submission("stored", 1))).toEqual(["approved"]);
    expect(server.pauses).toEqual([9_000]);
  });

  it("asks for the state where what reads the stream does not come", async () => {
    vi.doMock("eventsource-parser", () => {
      throw new Error("not loaded");
    });
    try {
      const approved = submission("approved", 4);
      server.script["GET /events"] = [events(approved)];
      server.script["GET /s1"] = [json(session(approved))];
      expect(await follow(submission("stored", 1))).toEqual(["approved"]);
      expect(server.seen.at(-1)?.line).toMatch(/s1$/);
    } finally {
      vi.doUnmock("eventsource-parser");
    }
  });

  it("ends when it is told to, also while what reads the stream is still on its way", async () => {
    const arrival = Promise.withResolvers<void>();
    vi.doMock("eventsource-parser", async (importActual) => {
      await arrival.promise;
      return importActual();
    });
    const ending = new AbortController();
    try {
      server.script["GET /events"] = [(response) => void response.writeHead(200).write(": still here\n\n")];
      const api = server.connect();
      await api.open();
      let end: unknown = "none";
      const following = api
        .followSubmission(submission("stored", 1), () => {}, ending.signal)
        .catch((reason: unknown) => (end = reason));
      await expect.poll(() => server.seen.at(-1)?.line).toMatch(/events$/);
      ending.abort("left");
      await expect.poll(() => end).toBe("left");
      arrival.resolve();
      await following;
    } finally {
      arrival.resolve();
      vi.doUnmock("eventsource-parser");
    }
  });

  it("resumes after a break where it was", async () => {
    const accepted = submission("accepted", 3);
    server.script["GET /events"] = [
      events(submission("queued", 2), accepted),
      cut,
      events(accepted, submission("approved", 4)),
    ];
    server.script["GET /s1"] = [json(session(accepted))];
    expect(await follow(submission("stored", 1))).toEqual(["queued", "accepted", "approved"]);
    const ids = server.seen
      .filter(({ line }) => line.endsWith("/events"))
      .map(({ headers }) => headers["last-event-id"]);
    expect(ids).toEqual(["1", "3", "3"]);
  });

  it("asks for the state when there is no stream to be had", async () => {
    server.script["GET /events"] = [problem("overloaded")];
    server.script["GET /s1"] = [json(session(submission("in-review", 5))), json(session(submission("rejected", 6)))];
    expect(await follow(submission("stored", 1))).toEqual(["in-review", "rejected"]);
  });

  it("goes on when the issuer's page has no secret to give for a while", async () => {
    server.script["POST /tokens"] = [json(tokenAnswer("short", 0)), json(tokenAnswer("long"))];
    server.script["GET /s1"] = [json(session(submission("stored", 1)))];
    server.script["GET /events"] = [events(submission("approved", 2))];
    server.secretsFailing = 12;
    expect(await follow(submission("stored", 1))).toEqual(["approved"]);
  });

  it("comes back at once after every stream that opened, however many there have been", async () => {
    server.script["GET /events"] = [...Array<Reply>(8).fill(events()), events(submission("approved", 2))];
    await follow(submission("stored", 1));
    expect(server.pauses).toHaveLength(8);
    expect(Math.max(...server.pauses)).toBeLessThanOrEqual(1000);
  });

  it("leaves nothing behind of the streams that have ended", async () => {
    server.script["GET /events"] = [events(), cut, events(), events(submission("approved", 2))];
    server.script["GET /s1"] = [json(session(submission("stored", 1)))];
    const { signal } = new AbortController();
    await follow(submission("stored", 1), signal);
    expect(server.count("GET /events")).toBe(4);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("ends when neither server nor session knows of the submission any more", async () => {
    server.script["GET /events"] = [problem("not-found")];
    server.script["GET /s1"] = [json(session(null))];
    await expect(follow(submission("stored", 1))).rejects.toMatchObject({ code: "not-found" });
  });

  it("does not take a missing stream for a missing submission", async () => {
    server.script["GET /events"] = [problem("not-found")];
    server.script["GET /s1"] = [json(session(submission("in-review", 5))), json(session(submission("rejected", 6)))];
    expect(await follow(submission("stored", 1))).toEqual(["in-review", "rejected"]);
  });

  it("does not take a gateway's 404 for the end", async () => {
    server.script["GET /events"] = [(response) => void response.writeHead(404).end("<html>")];
    server.script["GET /s1"] = [
      (response) => void response.writeHead(404).end("<html>"),
      json(session(submission("rejected", 6))),
    ];
    expect(await follow(submission("stored", 1))).toEqual(["rejected"]);
  });

  it("ends when the session has", async () => {
    server.script["GET /events"] = [problem("session-expired")];
    server.script["GET /s1"] = [problem("session-expired")];
    await expect(follow(submission("stored", 1))).rejects.toMatchObject({ code: "session-expired" });
  });

  it("asks for nothing once the end is known", async () => {
    expect(await follow(submission("approved", 9))).toEqual([]);
    expect(server.count("GET /events")).toBe(0);
  });

  it("ends with the page", async () => {
    server.script["GET /events"] = [(response) => void response.writeHead(200).write(": nothing\n\n")];
    const api = server.connect();
    await api.open();
    const leaving = new AbortController();
    const following = api.followSubmission(submission("stored", 1), () => {}, leaving.signal);
    await expect.poll(() => server.count("GET /events")).toBe(1);
    leaving.abort();
    await expect(following).rejects.toMatchObject({ name: "AbortError" });
  });

  describe("in a tab that", () => {
    /** A page of which the test says whether anybody sees it. */
    class FakePage extends EventTarget {
      visibilityState: DocumentVisibilityState = "visible";
      become(state: DocumentVisibilityState): void {
        this.visibilityState = state;
        this.dispatchEvent(new Event("visibilitychange"));
      }
    }
    /** Streams that stay open, and how many of them are. */
    function openStreams(first: SubmissionView) {
      const open = new Set<ServerResponse>();
      server.script["GET /events"] = [
        (response) => {
          open.add(response);
          response.once("close", () => open.delete(response));
          response.writeHead(200, { "content-type": "text/event-stream" });
          response.write(`id: ${first.sequence}\ndata: ${JSON.stringify(first)}\n\n`);
        },
      ];
      return open;
    }
    async function followIn(page: FakePage, about: { readonly wait?: typeof wait } = {}) {
      const states: string[] = [];
      const api = server.connect({}, { page: page as unknown as Document, ...about });
      await api.open();
      const leaving = new AbortController();
      const following = api.followSubmission(
        submission("stored", 1),
        ({ state }) => states.push(state),
        leaving.signal,
      );
      following.catch(() => {});
      return { states, leaving, following };
    }

    /** Others' requests, one after the other: while they are answered the designer might have asked too. */
    async function askElsewhere(times: number): Promise<void> {
      for (let n = 0; n < times; n += 1) await fetch(`${server.baseUrl}/elsewhere`);
    }

    it("is out of sight the stream's connection is given back, and when it is seen again the latest is there at once", async () => {
      const page = new FakePage();
      const open = openStreams(submission("queued", 2));
      const { states, leaving } = await followIn(page);
      await expect.poll(() => states).toEqual(["queued"]);
      expect(open.size).toBe(1);
      page.become("hidden");
      await expect.poll(() => open.size).toBe(0);
      expect(server.pauses).toEqual([5_000]);
      const asked = server.seen.length;
      page.become("hidden");
      server.script["GET /events"] = [events(submission("accepted", 3), submission("approved", 4))];
      page.become("visible");
      await expect.poll(() => states).toEqual(["queued", "accepted", "approved"]);
      const [again, ...more] = server.seen.slice(asked);
      expect([again?.line, again?.headers["last-event-id"], more]).toEqual([
        "GET /v1/submissions/sub-1/events",
        "2",
        [],
      ]);
      leaving.abort();
    });

    it("is out of sight asks for nothing, and ends with the designer", async () => {
      const page = new FakePage();
      const open = openStreams(submission("queued", 2));
      const { states, leaving, following } = await followIn(page);
      await expect.poll(() => states).toEqual(["queued"]);
      page.become("hidden");
      await expect.poll(() => open.size).toBe(0);
      const asked = server.seen.length;
      await askElsewhere(5);
      leaving.abort("left");
      await expect(following).rejects.toBe("left");
      expect(server.seen.slice(asked).map(({ line }) => line)).toEqual(Array(5).fill("GET /elsewhere"));
    });

    it("goes out of sight in a pause asks for nothing, not even for a token", async () => {
      const page = new FakePage();
      const pause = Promise.withResolvers<void>();
      const pauses: number[] = [];
      const held: typeof wait = (ms) => {
        pauses.push(ms);
        return ms === 5_000 ? Promise.resolve() : pause.promise;
      };
      server.script["POST /tokens"] = [json(tokenAnswer("short", 0))];
      server.script["GET /events"] = [events()];
      const { leaving, following } = await followIn(page, { wait: held });
      await expect.poll(() => pauses).toHaveLength(1);
      page.become("hidden");
      await expect.poll(() => pauses.at(-1)).toBe(5_000);
      const asked = [server.seen.length, server.secretsAsked];
      pause.resolve();
      await askElsewhere(5);
      expect([server.seen.length - 5, server.secretsAsked]).toEqual(asked);
      server.script["GET /events"] = [events(submission("approved", 2))];
      page.become("visible");
      await following;
      leaving.abort();
    });

    it("is left for a moment only keeps its stream", async () => {
      const page = new FakePage();
      const open = openStreams(submission("queued", 2));
      const { states, leaving } = await followIn(page);
      await expect.poll(() => states).toEqual(["queued"]);
      page.become("hidden");
      page.become("visible");
      for (const stream of open) stream.write(`id: 4\ndata: ${JSON.stringify(submission("approved", 4))}\n\n`);
      await expect.poll(() => states).toEqual(["queued", "approved"]);
      expect(server.count("GET /events")).toBe(1);
      leaving.abort();
    });
  });
});
