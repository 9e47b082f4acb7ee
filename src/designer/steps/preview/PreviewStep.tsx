import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { useStore } from "zustand/react";
import { coversBleed } from "#card/placement.ts";
import { type Photo, photoOf, plainGround } from "#design/design.ts";
import type { FlowState, PreviewPicture } from "../../flow/flow-state.ts";
import { useSession } from "../../flow/use-session.tsx";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { factsOf } from "../../store/photo-facts.ts";
import { Button } from "../../ui/Button.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { Checkbox } from "../../ui/Checkbox.tsx";
import { useAnnounced } from "../../ui/LiveRegion.tsx";
import { Workspace } from "../../ui/Workspace.tsx";
import { moreOf, titleOf } from "../design/check-texts.ts";
import { isBlurred } from "../design/design-checks.ts";
import { useMendable } from "../design/use-checks.ts";
import { CardName } from "../CardName.tsx";
import { NoticeCallout } from "../NoticeCallout.tsx";
import { RulesList } from "../RulesList.tsx";
import { StepHeading } from "../StepHeading.tsx";
import { PreviewStage, type PreviewView } from "./PreviewStage.tsx";
import styles from "./PreviewStep.module.css";
import { SamePicture } from "./SamePicture.tsx";

interface PreviewStepProps {
  readonly state: Extract<FlowState, { step: "preview" }>;
}

/** The finished picture, what the checks say of it, the rules, and the agreement to them. */
export function PreviewStep({ state }: PreviewStepProps): ReactNode {
  const t = useText();
  const { flow, product } = useSession();
  const [view, setView] = useState<PreviewView>("front");
  // Both would have the place above the dock.
  if (state.asksSame && view === "true-size") setView("front");
  const onView = (next: PreviewView): void => {
    if (state.asksSame && next === "true-size") flow.thinkOver();
    setView(next);
  };
  // How to measure is said where it is done.
  const about = t(`preview.about.${view === "true-size" ? "front" : view}`);
  useAnnounced(view === "front" ? null : t(`preview.about.${view}`));
  const panel = (
    <>
      <StepHeading about={<CardName />} takesFocus lead={about}>
        {t("preview.title")}
      </StepHeading>
      <NoticeCallout notice={state.notice} />
      <PrintChecks picture={state.picture} />
      <RulesList />
    </>
  );
  const actions = state.asksSame ? (
    <SamePicture />
  ) : (
    <>
      <Agreement state={state} />
      <div className={styles.ways}>
        <Button className={styles.back} icon="back" aria-label={t("preview.back")} onClick={flow.goBack} />
        <Button variant="primary" wide icon="send" onClick={() => void flow.send()}>
          {t("preview.send")}
        </Button>
      </div>
    </>
  );
  return (
    <Workspace
      product={product}
      stage={<PreviewStage picture={state.picture} view={view} onView={onView} />}
      isStageTall={view === "true-size"}
      panel={panel}
      actions={actions}
    />
  );
}

/** What can be said of this very picture, from the photo and the ground that it was made of. */
function PrintChecks({ picture }: { readonly picture: PreviewPicture }): ReactNode {
  const photo = photoOf(picture.design);
  return (
    <div className={styles.checks}>
      {photo !== null && <CoverCheck photo={photo} picture={picture} />}
      <SoundnessChecks picture={picture} />
    </div>
  );
}

interface CheckProps {
  readonly photo: Photo;
}

function CoverCheck({ photo, picture }: CheckProps & { readonly picture: PreviewPicture }): ReactNode {
  const t = useText();
  const { product } = useSession();
  const covers = photo.region === undefined ? "preview.covers" : "preview.coversPart";
  if (!coversBleed(photo.placement, photo, product)) {
    return (
      <Callout tone="problem" title={t(`${covers}-not`)}>
        {t(`${covers}-not-help`)}
      </Callout>
    );
  }
  // Nobody may have thought of it.
  if (picture.transparent && picture.design.ground === plainGround) {
    return (
      <Callout tone="warn" title={t("notice.transparent-parts.title")}>
        {t("preview.ground-white")}
      </Callout>
    );
  }
  return (
    <Callout tone="ok" title={t(covers)}>
      {t(picture.transparent ? "preview.ground-chosen" : `${covers}-help`)}
    </Callout>
  );
}

/** What the checks said of the design: the worst first. Sharpness in the words of what is finished. */
function SoundnessChecks({ picture }: { readonly picture: PreviewPicture }): ReactNode {
  const t = useText();
  const number = useNumberFormat();
  const { design: store, product } = useSession();
  const assets = useStore(store, (state) => state.assets);
  const arts = useStore(store, (state) => state.arts);
  const facts = useMemo(() => factsOf(picture.design, { assets, arts }), [picture.design, assets, arts]);
  return useMendable(facts, product).map(({ check, fix }) =>
    check.id === "sharpness" && !isBlurred(check) ? (
      <SharpnessCheck key={check.id} isSharp={check.tone === "ok"} canZoomOut={fix !== null} />
    ) : (
      <Callout key={check.id} tone={check.tone} title={titleOf(check, t)}>
        {moreOf(check, fix, t, number)}
      </Callout>
    ),
  );
}

interface SharpnessProps {
  readonly isSharp: boolean;
  readonly canZoomOut: boolean;
}

function SharpnessCheck({ isSharp, canZoomOut }: SharpnessProps): ReactNode {
  const t = useText();
  return (
    <Callout tone={isSharp ? "ok" : "warn"} title={t(isSharp ? "preview.sharp" : "preview.soft")}>
      {t(isSharp ? "preview.sharp-help" : canZoomOut ? "preview.soft-help" : "preview.soft-small")}
    </Callout>
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
    <div>
      <Checkbox
        ref={box}
        checked={state.agreement !== null}
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
