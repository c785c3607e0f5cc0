/** A button that stays in view when it cannot be used, and says why (a disabled button of HTML could neither be reached nor explain itself). */
import { ActionIcon, type ActionIconProps, Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

interface Props extends ButtonProps {
  id?: string;
  /** Why it cannot be used now; `null` if it can. */
  empeche: string | null;
  onClick: () => void;
  children: ReactNode;
}

export function Action({ empeche, onClick, children, ...rest }: Props) {
  return (
    <Tooltip label={empeche} disabled={empeche === null}>
      <Button
        {...rest}
        aria-disabled={empeche !== null}
        data-disabled={empeche !== null || undefined}
        onClick={() => empeche === null && onClick()}
      >
        {children}
        {empeche !== null && <span className="invisible"> ({empeche})</span>}
      </Button>
    </Tooltip>
  );
}

interface IconeProps extends Omit<ActionIconProps, "aria-label"> {
  id?: string;
  empeche: string | null;
  label: string;
  /** What is said under the pointer, e.g. with its key. */
  title: string;
  onClick: () => void;
}

/** The same as an icon. */
export function ActionIcone({ empeche, label, title, onClick, ...rest }: IconeProps) {
  return (
    <ActionIcon
      {...rest}
      aria-label={empeche === null ? label : `${label} (${empeche})`}
      title={empeche ?? title}
      aria-disabled={empeche !== null}
      data-disabled={empeche !== null || undefined}
      onClick={() => empeche === null && onClick()}
    />
  );
}
