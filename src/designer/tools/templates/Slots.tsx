import { type ChangeEvent, type ReactNode, useCallback, useId } from "react";
import { fillOf, mostLinesOf, type Template, type TemplateElement } from "#design/templates/template.ts";
import { colourPart } from "#design/templates/template-edits.ts";
import { textLimitsOf } from "#design/text-policy.ts";
import { maxLetters, maxTextUnits } from "#design/text-rules.ts";
import type { MessageId } from "../../locales/en.ts";
import { useLocale, useText } from "../../locales/text.tsx";
import { type GestureOwner, templateOf } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { ColourChoice } from "../ColourChoice.tsx";
import { useScriptNames } from "../written.ts";
import { nameIn } from "./name-in.ts";
import styles from "./Panel.module.css";
import writtenStyles from "../written.module.css";
import { type Said, useSlot } from "./use-slot.ts";

/** What the template leaves to be filled: a field for each text, and a choice for each colour. */
export function Slots(): ReactNode {
  const t = useText();
  const template = useDesignStore(templateOf);
  if (template === undefined) return null;
  const all = template.elements.filter(({ slot, prints }) => slot !== undefined && prints);
  const isWritten = ({ element, locks }: TemplateElement): boolean => element.kind === "text" && locks.content !== true;
  // What is to be written is what one looks for.
  const slots = [...all.filter(isWritten), ...all.filter((part) => !isWritten(part))];
  const isOfBank = template.elements.some(({ locks }) => locks.style === true && locks.content === true);
  return (
    <>
      {slots.map((part) => (
        <div key={`${template.id} ${part.element.id}`} className={styles.slot}>
          {isWritten(part) && <TextSlot template={template} part={part} />}
          {part.locks.style !== true && <ColourSlot part={part} />}
        </div>
      ))}
      {isOfBank && <p className={writtenStyles.help}>{t("design.template.byBank")}</p>}
    </>
  );
}

interface SlotProps {
  readonly part: TemplateElement;
}

function TextSlot({ template, part }: SlotProps & { readonly template: Template }): ReactNode {
  const { tag } = useLocale();
  const { typed, said, type, open, close } = useSlot(template, part);
  const t = useText();
  const [fieldId, helpId, saidId] = [useId(), useId(), useId()];
  const lines = useDesignStore(({ product }) => Math.min(mostLinesOf(part), textLimitsOf(product).lines));
  const field = {
    id: fieldId,
    className: writtenStyles.field,
    dir: "auto",
    autoComplete: "off",
    maxLength: maxTextUnits,
    "aria-describedby": lines > 1 ? `${helpId} ${saidId}` : saidId,
    "aria-invalid": said.problem !== undefined,
    value: typed,
    onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => type(currentTarget.value),
    onFocus: open,
    onBlur: close,
  } as const;
  return (
    <>
      <label className={styles.label} htmlFor={fieldId}>
        {nameIn(part.slot?.names ?? {}, tag)}
      </label>
      {lines > 1 && (
        <p id={helpId} className={writtenStyles.help}>
          {t("design.text.help", { lines, letters: maxLetters })}
        </p>
      )}
      {lines === 1 ? <input type="text" {...field} /> : <textarea rows={lines} {...field} />}
      <Messages id={saidId} said={said} lines={lines} />
    </>
  );
}

const problemTexts: Readonly<Record<NonNullable<Said["problem"]>, MessageId>> = {
  "no-letters": "design.text.flaw.no-letters",
  "too-many-lines": "design.text.flaw.too-many-lines",
  "too-many-letters": "design.text.flaw.too-many-letters",
  "too-many-marks": "design.text.flaw.too-many-marks",
  "other-script": "design.text.flaw.other-script",
  tooLong: "design.template.tooLong",
  mustStay: "design.template.mustStay",
  full: "design.template.full",
  failed: "design.text.failed",
};

interface MessagesProps {
  readonly id: string;
  readonly said: Said;
  /** That may be written. */
  readonly lines: number;
}

function Messages({ id, said: { problem, missing = [], hints = [] }, lines }: MessagesProps): ReactNode {
  const t = useText();
  const scripts = useScriptNames();
  return (
    <div id={id} className={writtenStyles.messages} role="status">
      {problem !== undefined && (
        <Callout tone="problem" title={t(problemTexts[problem], { letters: maxLetters, lines, scripts })} />
      )}
      {missing.length > 0 && <Callout tone="warn" title={t("design.text.missing", { letters: missing.join(" ") })} />}
      {hints.length > 0 && (
        <Callout tone="note" title={t("design.text.hint")}>
          {hints.map((hint) => t(`design.text.hint.${hint}`)).join(" ")}
        </Callout>
      )}
    </div>
  );
}

/** Nothing where the element is not on the card yet, or has several colours. */
function ColourSlot({ part }: SlotProps): ReactNode {
  const t = useText();
  const { tag } = useLocale();
  const store = useDesignStoreApi();
  const { id, kind } = part.element;
  const fill = useDesignStore(({ design }) => {
    const element = design.elements.find((other) => other.id === id);
    return element === undefined || element.kind === "photo" ? undefined : fillOf(element);
  });
  const choose = useCallback(
    (to: string, by?: GestureOwner): void => store.getState().edit(colourPart(id, to), by),
    [store, id],
  );
  if (fill === undefined) return null;
  const label = kind === "text" ? t("design.text.colour") : nameIn(part.slot?.names ?? {}, tag);
  return <ColourChoice label={label} colour={fill} onChoose={choose} />;
}
