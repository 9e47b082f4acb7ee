import { Component, type ReactNode } from "react";

interface StageBoundaryProps {
  readonly children: ReactNode;
  readonly fallback: ReactNode;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Keeps the page alive when drawing fails. Errors below `Stage` do not pass through it, so it is used inside too. */
export class StageBoundary extends Component<StageBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError?.(error);
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
