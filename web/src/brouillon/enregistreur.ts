/**
 * A form that saves itself: what was typed is kept in the tab at once and written to the server a moment later, one write at a time.
 *
 * What must hold: nothing typed is lost (a failure, a reload, a session that ends), nothing is created twice (the first creation is repeated word for
 * word under its key until it is answered), an answer never overwrites what was typed while it was on its way, and what another person wrote
 * meanwhile is never overwritten without a question.
 */
import type { Versioned } from "@/api/client";
import { byField, type ErreurChamp, Injoignable, Probleme } from "@/api/problemes";
import { withAt } from "@/champs/pointeur";
import { type Conflit, fusionner, memeSaisie } from "./fusion";

/** What the tab keeps until it is saved. */
export interface Brouillon<T> {
  base: Versioned<T> | null;
  etat: T;
  /** A creation that nobody answered yet: the very body, and what was on the screen then. */
  creation: { cle: string; corps: unknown; etat: T } | null;
}

/** How a kind of thing is read, written and kept. */
export interface Ports<T> {
  creer: (corps: unknown, cle: string) => Promise<Versioned<T>>;
  modifier: (etat: T, avant: Versioned<T>) => Promise<Versioned<T>>;
  lire: (avant: Versioned<T>) => Promise<Versioned<T>>;
  /** The body of a creation, or `null` while the server could not accept it. */
  corpsDeCreation: (etat: T) => unknown;
  /** Gives to what is on the screen the numbers that the server gave to what was sent. */
  apparier: (etat: T, envoye: T, recu: T) => T;
  version: (valeur: T) => number;
  garder: (brouillon: Brouillon<T> | null, enregistre: Versioned<T> | null) => void;
  onEnregistre: (recu: Versioned<T>, cree: boolean) => void;
  cle: () => string;
  maintenant: () => number;
}

export interface Vue<T> {
  etat: T;
  base: Versioned<T> | null;
  phase: "calme" | "modifie" | "envoi" | "echec" | "conflit";
  erreur: unknown;
  fautes: readonly ErreurChamp[];
  erreurs: ReadonlyMap<string, string>;
  conflits: readonly Conflit[];
  enregistreLe: number | null;
  /** A draft of before came back. */
  repris: boolean;
}

export const DELAI_MS = 700;
const NOUVEL_ESSAI_MS = 5_000;

/** Whether asking again, by itself, can help. */
const passager = (erreur: unknown): boolean =>
  erreur instanceof Injoignable || (erreur instanceof Probleme && (erreur.status >= 500 || erreur.status === 429));

/** In how many milliseconds: not before the server said that it listens again. */
const nouvelEssai = (erreur: unknown): number =>
  Math.max(NOUVEL_ESSAI_MS, erreur instanceof Probleme ? Math.min(erreur.attente ?? 0, 3_600) * 1_000 : 0);

export class Enregistreur<T extends object> {
  private vue: Vue<T>;
  private readonly depart: T;
  private creation: Brouillon<T>["creation"] = null;
  private minuterie: ReturnType<typeof setTimeout> | undefined;
  private enCours: Promise<Versioned<T> | null> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly ports: Ports<T>,
    base: Versioned<T> | null,
    vide: T,
    brouillon: Brouillon<T> | null = null,
  ) {
    this.depart = vide;
    const calme = { erreur: null, fautes: [], erreurs: new Map<string, string>(), conflits: [], enregistreLe: null };
    this.vue = { ...calme, etat: base?.value ?? vide, base, phase: "calme", repris: false };
    if (!brouillon) return;
    this.creation = base ? null : brouillon.creation;
    const { valeur, conflits } =
      base && brouillon.base ? fusionner(brouillon.base.value, brouillon.etat, base.value) : { valeur: brouillon.etat, conflits: [] };
    const repris = !memeSaisie(valeur, this.vue.etat);
    this.vue = { ...this.vue, etat: valeur, conflits, repris, phase: conflits.length ? "conflit" : repris ? "modifie" : "calme" };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly instantane = (): Vue<T> => this.vue;

  /** Takes up what a draft left to be written. */
  readonly reprendre = (): void => {
    if (this.vue.phase === "modifie" || this.creation) this.planifier(0);
  };

  /** A field was committed. */
  readonly modifier = (pointeur: string, valeur: unknown): void => this.changer((etat) => withAt(etat, pointeur, valeur), pointeur);

  /** Several things changed at once. */
  readonly changer = (change: (etat: T) => T, pointeur?: string): void => {
    const etat = change(this.vue.etat);
    if (etat === this.vue.etat) return;
    const fautes = this.vue.fautes.filter(({ champ }) => champ !== pointeur);
    const phase = this.vue.phase === "conflit" || this.vue.phase === "envoi" ? this.vue.phase : "modifie";
    this.poser({ etat, phase, fautes, erreurs: byField(fautes), erreur: fautes.length ? this.vue.erreur : null });
    this.garder();
    this.planifier(DELAI_MS);
  };

  /** Writes all that is typed; what is saved then, or `null` if it could not be. */
  readonly flush = (): Promise<Versioned<T> | null> => {
    clearTimeout(this.minuterie);
    this.enCours ??= this.ecrire().finally(() => {
      this.enCours = undefined;
    });
    return this.enCours;
  };

  /** Somebody else wrote (or the server computed anew): what is new is taken, what is typed here stays. */
  readonly adopter = (lu: Versioned<T>): void => {
    const { base, etat } = this.vue;
    if (!base || lu.value === base.value || this.ports.version(lu.value) < this.ports.version(base.value)) return;
    if (this.enCours) {
      void this.enCours.finally(() => this.adopter(lu));
      return;
    }
    const { valeur, conflits } = fusionner(base.value, etat, lu.value);
    const phase = conflits.length ? "conflit" : memeSaisie(valeur, lu.value) ? "calme" : "modifie";
    this.poser({ base: lu, etat: valeur, conflits, phase });
    if (phase === "modifie") this.planifier(DELAI_MS);
  };

  /** Of a field that both changed: mine or the other's. */
  readonly trancher = (pointeur: string, autre: boolean): void => {
    const conflit = this.vue.conflits.find((c) => c.pointeur === pointeur);
    if (!conflit) return;
    const conflits = this.vue.conflits.filter((c) => c !== conflit);
    const etat = autre ? withAt(this.vue.etat, pointeur, conflit.autre) : this.vue.etat;
    this.poser({ etat, conflits, phase: conflits.length ? "conflit" : "modifie" });
    this.garder();
    if (!conflits.length) this.planifier(0);
  };

  /** Gives up what is not saved. */
  readonly abandonner = (): void => {
    clearTimeout(this.minuterie);
    this.creation = null;
    this.poser({
      etat: this.vue.base?.value ?? this.depart,
      phase: "calme",
      erreur: null,
      fautes: [],
      erreurs: new Map(),
      conflits: [],
      repris: false,
    });
    this.ports.garder(null, this.vue.base);
  };

  /** The person saw that her draft came back. */
  readonly vu = (): void => this.poser({ repris: false });

  /** Whether something is typed that the server does not have. */
  readonly aEcrire = (): boolean => this.creation !== null || !memeSaisie(this.vue.etat, this.vue.base?.value ?? this.depart);

  private poser(next: Partial<Vue<T>>): void {
    this.vue = { ...this.vue, ...next };
    for (const listener of this.listeners) listener();
  }

  private garder(): void {
    const { base, etat } = this.vue;
    this.ports.garder(this.aEcrire() ? { base, etat, creation: this.creation } : null, base);
  }

  private planifier(delai: number): void {
    clearTimeout(this.minuterie);
    this.minuterie = setTimeout(() => void this.flush(), delai);
  }

  private async ecrire(): Promise<Versioned<T> | null> {
    // Each turn either writes, or meets what another wrote; more turns than this mean that two programs fight.
    for (let tour = 0; tour < 20; tour += 1) {
      const { base, etat } = this.vue;
      if (this.vue.conflits.length) return null;
      if (!this.aEcrire()) {
        this.poser({ phase: "calme" });
        return base;
      }
      if (!base && !this.creation) {
        const corps = this.ports.corpsDeCreation(etat);
        if (corps === null) {
          this.poser({ phase: "modifie" });
          return null;
        }
        this.creation = { cle: this.ports.cle(), corps, etat };
        this.garder();
      }
      this.poser({ phase: "envoi" });
      const envoye = base ? etat : (this.creation?.etat ?? etat);
      try {
        const recu =
          base || !this.creation
            ? await this.ports.modifier(etat, base as Versioned<T>)
            : await this.ports.creer(this.creation.corps, this.creation.cle);
        this.recevoir(envoye, recu, base === null);
      } catch (erreur) {
        if (!(await this.rattraper(erreur))) return null;
      }
    }
    return null;
  }

  private recevoir(envoye: T, recu: Versioned<T>, cree: boolean): void {
    this.creation = null;
    const mien = this.ports.apparier(this.vue.etat, envoye, recu.value);
    const etat = fusionner(this.ports.apparier(envoye, envoye, recu.value), mien, recu.value).valeur;
    this.poser({
      etat: memeSaisie(etat, recu.value) ? recu.value : etat,
      base: recu,
      phase: "calme",
      erreur: null,
      fautes: [],
      erreurs: new Map(),
      enregistreLe: this.ports.maintenant(),
    });
    this.garder();
    this.ports.onEnregistre(recu, cree);
  }

  /** Whether there is a reason to write again at once. */
  private async rattraper(erreur: unknown): Promise<boolean> {
    const { base } = this.vue;
    if (base && erreur instanceof Probleme && erreur.status === 412) {
      try {
        const lu = await this.ports.lire(base);
        const { valeur, conflits } = fusionner(base.value, this.vue.etat, lu.value);
        this.poser({ base: lu, etat: valeur, conflits, phase: conflits.length ? "conflit" : "modifie" });
        this.garder();
        return conflits.length === 0;
      } catch (autre) {
        return this.rattraper(autre);
      }
    }
    // A refusal took no effect: the next attempt is another one.
    if (erreur instanceof Probleme && !passager(erreur)) this.creation = null;
    const fautes = erreur instanceof Probleme ? erreur.erreurs : [];
    this.poser({ phase: "echec", erreur, fautes, erreurs: byField(fautes) });
    this.garder();
    if (passager(erreur)) this.planifier(nouvelEssai(erreur));
    return false;
  }
}
