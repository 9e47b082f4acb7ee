import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { startDesigner } from "./app/start.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import { installTrustedTypes } from "./trusted-types.ts";

installTrustedTypes();

const root = document.querySelector("#root");
if (root === null) throw new Error("The page has no #root.");
createRoot(root).render(
  <StrictMode>
    <App app={startDesigner()} />
  </StrictMode>,
);
