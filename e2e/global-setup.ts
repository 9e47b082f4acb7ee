import { build } from "../scripts/build.mjs";

/** Journeys go through what is shipped: the built designer and the built loader. */
export default async function buildWhatIsShipped(): Promise<void> {
  await build();
}
