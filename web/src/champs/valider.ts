/** Commits what is being typed in the focused field, as leaving the field would: keys and a closing page do not leave fields. */
export function validerSaisie(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement) || field.type === "checkbox") return;
  field.blur();
  field.focus({ preventScroll: true });
}
