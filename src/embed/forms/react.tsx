import {
  type CSSProperties,
  forwardRef,
  type ReactNode,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { type Actions, refuseAbsent, type Shown, type ShownOptions, showDesigner } from "./shown.ts";

export type CardDesignerActions = Actions;

export type CardDesignerProps = ShownOptions & {
  /** Shown where the designer cannot be started; `retry` of the `ref` starts it anew. */
  readonly children?: ReactNode;
  readonly className?: string | undefined;
  readonly style?: CSSProperties | undefined;
};

/**
 * The card designer. Of changed props the functions count from then on, and locale, messages, theme, colorScheme and layout are changed in
 * place; `title`, and whether there is a `beforeSubmit` or `pickImage`, count as they are at first. Another `origin` is another designer.
 */
export const CardDesigner = forwardRef<CardDesignerActions, CardDesignerProps>(function CardDesigner(props, ref) {
  const { origin, children, className, style } = props;
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const shown = useRef<Shown | undefined>(undefined);
  const [failedOrigin, setFailedOrigin] = useState<string>();

  // In this order: what is mounted has the props of this render.
  useEffect(() => {
    latest.current = props;
    shown.current?.update();
  });
  useEffect(() => {
    if (!place.current) return undefined;
    const mine = showDesigner(
      place.current,
      () => latest.current,
      (isFailed) => setFailedOrigin(isFailed ? origin : undefined),
    );
    shown.current = mine;
    return () => {
      shown.current = undefined;
      mine.remove();
      setFailedOrigin(undefined);
    };
  }, [origin]);
  useImperativeHandle(
    ref,
    () => ({
      focus: (edge) => shown.current?.focus(edge),
      submit: () => shown.current?.submit() ?? refuseAbsent(),
      retry: () => shown.current?.retry(),
      close: (o) => shown.current?.close(o) ?? Promise.resolve("kept"),
    }),
    [],
  );

  return (
    <>
      {failedOrigin === origin ? children : null}
      <div ref={place} className={className} style={style} />
    </>
  );
});
