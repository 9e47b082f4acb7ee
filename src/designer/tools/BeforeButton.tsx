import { type ReactNode, type Ref, useEffect } from "react";
import { useText } from "../locales/text.tsx";
import { isAsTaken } from "../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../store/use-design-store.tsx";
import { Button } from "../ui/Button.tsx";

interface BeforeButtonProps {
  readonly className?: string | undefined;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

/** Shows the photo as it was taken, for comparison, until it is pressed again or is there no more. */
export function BeforeButton({ className, buttonRef }: BeforeButtonProps): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const isSame = useDesignStore(({ design }) => isAsTaken(design));
  const showsOriginal = useDesignStore((state) => state.showsOriginal);
  useEffect(() => () => store.getState().showOriginal(false), [store]);
  return (
    <Button
      ref={buttonRef}
      className={className}
      aria-label={t("design.light.originalLabel")}
      aria-pressed={showsOriginal}
      aria-disabled={isSame}
      onClick={() => store.getState().showOriginal(!isSame && !showsOriginal)}
    >
      {t("design.light.original")}
    </Button>
  );
}
