import { afterEach, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { followUnusedEscape } from "./unused-escape.ts";

let stop = (): void => {};
afterEach(() => {
  stop();
  document.body.replaceChildren();
});

it("tells of an Escape that nothing has a use for, and only where the designer lies in the page", async () => {
  let told = 0;
  let isFull = false;
  stop = followUnusedEscape(
    () => isFull,
    () => void (told += 1),
  );
  const add = (type: string) => document.body.appendChild(Object.assign(document.createElement("input"), { type }));
  const [field, slider] = [add("text"), add("range")];
  const button = document.body.appendChild(document.createElement("button"));
  const press = async (element: HTMLElement): Promise<number> => {
    element.focus();
    const before = told;
    await userEvent.keyboard("{Escape}");
    return told - before;
  };
  expect(await press(button)).toBe(1);
  expect(await press(slider)).toBe(1);
  expect(await press(field), "a field's own").toBe(0);
  isFull = true;
  expect(await press(button), "it gives the page back").toBe(0);
  isFull = false;
  button.addEventListener("keydown", (event) => event.preventDefault());
  expect(await press(button), "something was open").toBe(0);
  stop();
  expect(await press(slider), "ended").toBe(0);
});
