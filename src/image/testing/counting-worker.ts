// The image worker, and how many decoded pictures it holds: asked and told through a channel.
import "./count-pictures.ts";
import "../worker.ts";
