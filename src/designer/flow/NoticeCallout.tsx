import { type ReactNode, useEffect } from "react";
import type { Product } from "#card/products.ts";
import { useText } from "../locales/text.tsx";
import { announce } from "../ui/announce.ts";
import { Button } from "../ui/Button.tsx";
import { Callout } from "../ui/Callout.tsx";
import { leaveToHeading } from "./leave-to-heading.ts";
import type { Notice } from "./notice.ts";
import { noticeValues } from "./notice-values.ts";

interface NoticeCalloutProps {
  readonly notice: Notice | null;
  readonly product: Product;
  readonly onDismiss: () => void;
}

/** What happened and what to do about it, beside the design, until it is dismissed or overtaken. */
export function NoticeCallout({ notice, product, onDismiss }: NoticeCalloutProps): ReactNode {
  const t = useText();
  useEffect(() => {
    if (notice === null) return;
    const values = noticeValues(product);
    announce(`${t(`notice.${notice.code}.title`, values)}. ${t(`notice.${notice.code}.help`, values)}`);
  }, [notice, product, t]);
  if (notice === null) return null;
  const values = noticeValues(product);
  const dismiss = (
    <Button ref={leaveToHeading} variant="icon" icon="close" aria-label={t("notice.dismiss")} onClick={onDismiss} />
  );
  return (
    <Callout tone={notice.tone} title={t(`notice.${notice.code}.title`, values)} action={dismiss}>
      {t(`notice.${notice.code}.help`, values)}
    </Callout>
  );
}
