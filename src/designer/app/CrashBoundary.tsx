import { Component, type ReactNode } from "react";
import type { ClosedReason } from "./app-state.ts";
import { Closed } from "./Closed.tsx";

/** A part of the designer that is loaded later did not come. */
export class NotLoaded extends Error {
  override name = "NotLoaded";
}

interface CrashBoundaryProps {
  readonly children: ReactNode;
}

/** A fault of ours shows a page with a way on instead of nothing. */
export class CrashBoundary extends Component<CrashBoundaryProps, { readonly reason: ClosedReason | null }> {
  override state = { reason: null };

  static getDerivedStateFromError(error: unknown): { readonly reason: ClosedReason } {
    return { reason: error instanceof NotLoaded ? "not-loaded" : "crashed" };
  }

  override render(): ReactNode {
    const { reason } = this.state;
    return reason === null ? this.props.children : <Closed reason={reason} />;
  }
}
