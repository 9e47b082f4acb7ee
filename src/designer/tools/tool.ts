/** What every tool's panel is given by the design step. */
export interface ToolPanelProps {
  readonly guidesAlways: boolean;
  readonly onGuidesAlways: (always: boolean) => void;
  readonly onPickAnother: () => void;
}
