import { Component, type ReactNode } from "react";
import { Closed } from "./Closed.tsx";

interface CrashBoundaryProps {
  readonly children: ReactNode;
}

/** A fault of ours shows a page with a way on instead of nothing. */
export class CrashBoundary extends Component<CrashBoundaryProps, { readonly crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { readonly crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    return this.state.crashed ? <Closed reason="crashed" /> : this.props.children;
  }
}
