import { type ReactNode, useEffect, useId, useRef } from "react";
import { judgeSharpness } from "#card/sharpness.ts";
import type { FlowState } from "../../flow/machine.ts";
import { useSession } from "../../flow/use-session.ts";
import { useText } from "../../locales/text.tsx";
import { useDesignStore } from "../../store/use-design-store.tsx";
import { Button } from "../../ui/Button.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { Checkbox } from "../../ui/Checkbox.tsx";
import { Workspace } from "../../ui/Workspace.tsx";
import { checkDesign } from "../design/design-checks.ts";
import { NoticeCallout } from "../NoticeCallout.tsx";
import { PreviewCard } from "../PreviewCard.tsx";
import { RulesList } from "../RulesList.tsx";
import { StepHeading } from "../StepHeading.tsx";
import styles from "./PreviewStep.module.css";

interface PreviewStepProps {
  readonly state: Extract<FlowState, { step: "preview" }>;
}

/** The finished picture, what the checks say of it, the rules, and the agreement to them. */
export function PreviewStep({ state }: PreviewStepProps): ReactNode {
  const t = useText();
  const { flow } = useSession();
  const panel = (
    <>
      <StepHeading takesFocus lead={t("preview.lead")}>
        {t("preview.title")}
      </StepHeading>
      <NoticeCallout notice={state.notice} />
      <section className={styles.rules}>
        <h2 className="label">{t("rules.title")}</h2>
        <RulesList />
        <Agreement state={state} />
      </section>
    </>
  );
  const actions = (
    <>
      <Button variant="primary" wide icon="send" onClick={() => void flow.send()}>
        {t("preview.send")}
      </Button>
      <Button variant="quiet" wide onClick={flow.goBack}>
        {t("preview.back")}
      </Button>
    </>
  );
  const stage = (
    <>
      <PreviewCard url={state.picture.url} />
      <PrintChecks />
    </>
  );
  return <Workspace stage={stage} panel={panel} actions={actions} />;
}

function PrintChecks(): ReactNode {
  const t = useText();
  const { photo, placement, product } = useDesignStore((design) => design);
  if (photo === null || placement === null) return null;
  const { kind, dpi } = judgeSharpness(placement, product);
  const canZoomOut = checkDesign(placement, photo, product).some(({ fix }) => fix !== null);
  return (
    <div className={styles.checks}>
      <Callout tone="ok" title={t("preview.covers")}>
        {t("preview.covers-help")}
      </Callout>
      {kind === "sharp" ? (
        <Callout tone="ok" title={t("preview.sharp")}>
          {t("preview.sharp-help", { dpi })}
        </Callout>
      ) : (
        <Callout tone="warn" title={t("preview.soft")}>
          {t(canZoomOut ? "preview.soft-help" : "preview.soft-small", { dpi })}
        </Callout>
      )}
    </div>
  );
}

function Agreement({ state }: PreviewStepProps): ReactNode {
  const t = useText();
  const { flow } = useSession();
  const box = useRef<HTMLInputElement>(null);
  const whyId = useId();
  const missing = state.remindedTimes > 0;
  useEffect(() => {
    if (state.remindedTimes > 0) box.current?.focus();
  }, [state.remindedTimes]);
  return (
    <div className={styles.agreement}>
      <Checkbox
        ref={box}
        checked={state.agreedAt !== null}
        aria-invalid={missing}
        aria-describedby={missing ? whyId : undefined}
        onChange={flow.agree}
      >
        {t("preview.agree")}
      </Checkbox>
      <p id={whyId} role="alert" className={styles.missing}>
        {missing && t("preview.agree-missing")}
      </p>
    </div>
  );
}
