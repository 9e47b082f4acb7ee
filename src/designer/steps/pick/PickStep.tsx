import { type ComponentProps, type ReactNode, useRef } from "react";
import { isPortrait } from "#card/products.ts";
import { CardMockup } from "../../card/CardMockup.tsx";
import { designFileEnding } from "../../flow/first-flow.ts";
import type { FlowState } from "../../flow/flow-state.ts";
import { noticeValues } from "../../flow/notice.ts";
import { isWhole, useFirstSession } from "../../flow/use-session.tsx";
import type { MessageId } from "../../locales/en.ts";
import { useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { CardBox, Workspace } from "../../ui/Workspace.tsx";
import { CardName } from "../CardName.tsx";
import { NoticeCallout } from "../NoticeCallout.tsx";
import { RulesList } from "../RulesList.tsx";
import { leaveToHeading, StepHeading } from "../StepHeading.tsx";
import styles from "./PickStep.module.css";

interface PickStepProps {
  readonly state: Extract<FlowState, { step: "pick" }>;
  readonly isFirst: boolean;
  readonly isOver: boolean;
  readonly onBrowse: () => void;
  /** In place of the camera's own input, where the page has a picker. */
  readonly onPhotograph?: (() => void) | undefined;
  readonly onFiles: (files: readonly File[]) => void;
}

/** An empty card and one thing to do: give it a photo. */
export function PickStep({ state, isFirst, isOver, onBrowse, onPhotograph, onFiles }: PickStepProps): ReactNode {
  const t = useText();
  const { product } = useFirstSession();
  const panel = (
    <>
      <StepHeading about={<CardName withIntro />} takesFocus={!isFirst} lead={t("pick.lead")}>
        {t("pick.title")}
      </StepHeading>
      <NoticeCallout notice={state.notice} />
      <div className={styles.rules}>
        <RulesList />
      </div>
      <p className={styles.formats}>{t("pick.formats", noticeValues(product))}</p>
    </>
  );
  return (
    <Workspace
      loose
      product={product}
      stage={<EmptyCard opening={state.opening} isOver={isOver} onBrowse={onBrowse} />}
      panel={panel}
      actions={state.opening ? <Opening /> : <Choices {...{ state, onBrowse, onPhotograph, onFiles }} />}
    />
  );
}

function Opening(): ReactNode {
  const t = useText();
  const { flow } = useFirstSession();
  const cancel = (
    <Button ref={leaveToHeading} variant="quiet" onClick={flow.stopOpening}>
      {t("pick.cancel")}
    </Button>
  );
  return <Progress late label={t("pick.opening")} fraction={null} action={cancel} />;
}

type ChoicesProps = Pick<PickStepProps, "state" | "onBrowse" | "onPhotograph" | "onFiles">;

function Choices({ state, onBrowse, onPhotograph, onFiles }: ChoicesProps): ReactNode {
  const t = useText();
  const session = useFirstSession();
  return (
    <>
      <Button ref={leaveToHeading} variant="primary" wide icon="photo" onClick={onBrowse}>
        {t("pick.browse")}
      </Button>
      {state.hasDesign === true && isWhole(session) && (
        <Button wide onClick={session.flow.returnToDesign}>
          {t("pick.return")}
        </Button>
      )}
      {matchMedia("(pointer: coarse)").matches && <CameraButton {...{ onPhotograph, onFiles }} />}
      {isWhole(session) && session.flow.hasOtherPhoto() && (
        <Button ref={leaveToHeading} wide onClick={() => void session.flow.takeOtherPhoto()}>
          {t("pick.other-card")}
        </Button>
      )}
      {(session.product.features?.grounds ?? false) !== false && (
        <Button ref={leaveToHeading} variant="quiet" wide onClick={() => void session.flow.startWithoutPhoto()}>
          {t("pick.no-photo")}
        </Button>
      )}
      <FileButton variant="quiet" accept={designFileEnding} label="pick.open-saved" onFiles={onFiles} />
      <p className={styles.private}>
        <Icon name="lock" size={16} />
        <span>{t("pick.private")}</span>
      </p>
    </>
  );
}

function CameraButton({ onPhotograph, onFiles }: Pick<ChoicesProps, "onPhotograph" | "onFiles">): ReactNode {
  const t = useText();
  if (onPhotograph === undefined)
    return <FileButton icon="camera" accept="image/*" capture="environment" label="pick.camera" onFiles={onFiles} />;
  return (
    <Button ref={leaveToHeading} wide icon="camera" onClick={onPhotograph}>
      {t("pick.camera")}
    </Button>
  );
}

interface FileButtonProps
  extends Pick<PickStepProps, "onFiles">,
    Pick<ComponentProps<typeof Button>, "variant" | "icon"> {
  readonly accept: string;
  readonly capture?: "environment";
  readonly label: MessageId;
}

/** A button that brings files by an input of its own. */
function FileButton({ onFiles, accept, capture, label, ...look }: FileButtonProps): ReactNode {
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button ref={leaveToHeading} wide {...look} onClick={() => input.current?.click()}>
        {t(label)}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        accept={accept}
        capture={capture}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

interface EmptyCardProps {
  readonly opening: boolean;
  /** A photo hangs over the page. */
  readonly isOver: boolean;
  readonly onBrowse: () => void;
}

/** The card before it has a photo: what it will look like, and where the photo goes. */
export function EmptyCard({ opening, isOver, onBrowse }: EmptyCardProps): ReactNode {
  const t = useText();
  const { product, issuerName } = useFirstSession();
  const hasMouse = matchMedia("(any-hover: hover)").matches;
  return (
    <CardBox
      className={classNames(
        styles.frame,
        isPortrait(product) && styles.portrait,
        isOver && styles.over,
        opening && styles.opening,
      )}
    >
      <CardMockup className={styles.card} product={product} issuerName={issuerName} />
      {!opening && (
        <button ref={leaveToHeading} type="button" className={styles.target} onClick={onBrowse}>
          <span className={styles.words}>
            <Icon name="photo" size={28} />
            <strong>{t(isOver ? "pick.release" : hasMouse ? "pick.drop" : "pick.tap")}</strong>
            {!isOver && <span>{t(hasMouse ? "pick.drop-or" : "pick.tap-or")}</span>}
          </span>
        </button>
      )}
    </CardBox>
  );
}
