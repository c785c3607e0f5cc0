/**
 * A form that saves itself: what was typed is kept in the tab at once and written to the server a moment later, one write at a time.
 *
 * What must hold: nothing typed is lost (a failure, a reload, a session that ends, a text that a field could not read), nothing is written twice (what
 * nobody answered is repeated word for word until it is answered, a creation under its key), an answer never overwrites what was typed while it was on
 * its way, and what another person wrote meanwhile is never overwritten without a question.
 */
import type { Versioned } from "@/api/client";
import { byField, type ErreurChamp, Injoignable, Probleme } from "@/api/problemes";
import { at, withAt } from "@/champs/pointeur";
import { type Conflit, fusionner, memeSaisie, suivre } from "./fusion";

/** What the tab keeps until it is saved. */
export interface Brouillon<T> {
  base: Versioned<T> | null;
  etat: T;
  /** A creation that nobody answered yet: the very body, and what was on the screen then. */
  creation: { cle: string; corps: unknown; etat: T } | null;
  /** A change of `base` that nobody answered yet: the server may have it. */
  envoye?: T | null;
  illisibles?: readonly Illisible[];
  /** Fields that both changed, until the person chose. */
  conflits?: readonly Conflit[];
}

/** What a field could not read: its text, and the sentence that says what it expected. */
export interface Illisible {
  pointeur: string;
  texte: string;
  erreur: string;
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
  illisibles: readonly Illisible[];
  enregistreLe: number | null;
  /** A draft of before came back. */
  repris: boolean;
}

export const DELAI_MS = 700;
const NOUVEL_ESSAI_MS = 5_000;

/** Whether asking again, by itself, can help. */
const passager = (erreur: unknown): boolean =>
  erreur instanceof Injoignable ||
  (erreur instanceof Probleme && (erreur.status >= 500 || erreur.status === 429 || erreur.is("requete-en-cours")));

/** In how many milliseconds: not before the server said that it listens again. */
const nouvelEssai = (erreur: unknown): number =>
  Math.max(NOUVEL_ESSAI_MS, erreur instanceof Probleme ? Math.min(erreur.attente ?? 0, 3_600) * 1_000 : 0);

export class Enregistreur<T extends object> {
  private vue: Vue<T>;
  private readonly depart: T;
  private creation: Brouillon<T>["creation"] = null;
  private envoye: T | null = null;
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
    const calme = { erreur: null, fautes: [], erreurs: new Map<string, string>(), conflits: [], illisibles: [], enregistreLe: null };
    this.vue = { ...calme, etat: base?.value ?? vide, base, phase: "calme", repris: false };
    if (!brouillon) return;
    this.creation = base ? null : brouillon.creation;
    this.envoye = (base && brouillon.envoye) ?? null;
    const { mien, valeur, conflits } =
      base && brouillon.base
        ? this.rejoindre(brouillon.base.value, brouillon.etat, base.value, brouillon.conflits ?? [])
        : { mien: brouillon.etat, valeur: brouillon.etat, conflits: [] };
    const illisibles = suivre(brouillon.illisibles ?? [], mien, valeur);
    const change = !memeSaisie(valeur, this.vue.etat);
    const phase = conflits.length ? "conflit" : change ? "modifie" : "calme";
    this.vue = { ...this.vue, etat: valeur, conflits, illisibles, repris: change || illisibles.length > 0, phase };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly instantane = (): Vue<T> => this.vue;

  /** Takes up what a draft left to be written. */
  readonly reprendre = (): void => {
    if (this.vue.phase === "modifie" || this.creation || this.envoye) this.planifier(0);
    else if (!this.aEcrire()) this.garder();
  };

  /** A field was committed. */
  readonly modifier = (pointeur: string, valeur: unknown): void => this.changer((etat) => withAt(etat, pointeur, valeur), pointeur);

  /** Several things changed at once: what stands at `pointeur` and under it is new. */
  readonly changer = (change: (etat: T) => T, pointeur?: string): void => {
    const { etat: avant } = this.vue;
    const etat = change(avant);
    if (etat === avant) return;
    const ailleurs = (champ: string) => champ !== pointeur && !champ.startsWith(`${pointeur}/`);
    const fautes = this.vue.fautes.filter(({ champ }) => ailleurs(champ));
    // A value that changes shows at once.
    const illisibles = this.vue.illisibles
      .filter(({ pointeur: champ }) => ailleurs(champ))
      .flatMap((dit) => suivre([dit], avant, etat).filter((ici) => memeSaisie(at(avant, dit.pointeur), at(etat, ici.pointeur))));
    const phase = this.vue.phase === "conflit" || this.vue.phase === "envoi" ? this.vue.phase : "modifie";
    this.poser({ etat, phase, fautes, illisibles, erreurs: byField(fautes), erreur: fautes.length ? this.vue.erreur : null });
    this.garder();
    this.planifier(DELAI_MS);
  };

  /** A field could not read this text: it is kept, and nothing is sent or printed until it is corrected. `null`: the field is right again. */
  readonly signaler = (pointeur: string, illisible: Omit<Illisible, "pointeur"> | null): void => {
    const autres = this.vue.illisibles.filter((autre) => autre.pointeur !== pointeur);
    if (!illisible && autres.length === this.vue.illisibles.length) return;
    this.poser({ illisibles: illisible ? [...autres, { pointeur, ...illisible }] : autres });
    this.garder();
  };

  /** Writes all that could be read; what is saved then, or `null` if something typed is not. */
  readonly flush = (): Promise<Versioned<T> | null> => {
    clearTimeout(this.minuterie);
    this.enCours ??= this.ecrire().finally(() => {
      this.enCours = undefined;
    });
    return this.enCours.then((saved) => (this.vue.illisibles.length ? null : saved));
  };

  /** Somebody else wrote (or the server computed anew): what is new is taken, what is typed here stays. */
  readonly adopter = (lu: Versioned<T>): void => {
    const { base, etat } = this.vue;
    if (!base || lu.value === base.value || this.ports.version(lu.value) < this.ports.version(base.value)) return;
    if (this.enCours) {
      void this.enCours.finally(() => this.adopter(lu));
      return;
    }
    const { mien, valeur, conflits } = this.rejoindre(base.value, etat, lu.value, this.vue.conflits);
    const phase = conflits.length ? "conflit" : memeSaisie(valeur, lu.value) && !this.envoye ? "calme" : "modifie";
    this.poser({ base: lu, etat: valeur, conflits, phase, illisibles: suivre(this.vue.illisibles, mien, valeur) });
    this.garder();
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
    this.envoye = null;
    this.poser({
      etat: this.vue.base?.value ?? this.depart,
      phase: "calme",
      erreur: null,
      fautes: [],
      erreurs: new Map(),
      conflits: [],
      illisibles: [],
      repris: false,
    });
    this.ports.garder(null, this.vue.base);
  };

  /** The person saw that her draft came back. */
  readonly vu = (): void => this.poser({ repris: false });

  /** Whether something is typed that the server does not have. */
  readonly aEcrire = (): boolean =>
    this.creation !== null || this.envoye !== null || !memeSaisie(this.vue.etat, this.vue.base?.value ?? this.depart);

  private poser(next: Partial<Vue<T>>): void {
    this.vue = { ...this.vue, ...next };
    for (const listener of this.listeners) listener();
  }

  private garder(): void {
    const { base, etat, illisibles, conflits } = this.vue;
    const { creation, envoye } = this;
    this.ports.garder(this.aEcrire() || illisibles.length ? { base, etat, creation, envoye, illisibles, conflits } : null, base);
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
        this.garder();
        return base;
      }
      if (!base && !this.creation) {
        const corps = this.ports.corpsDeCreation(etat);
        if (corps === null) {
          this.poser({ phase: "modifie" });
          return null;
        }
        this.creation = { cle: this.ports.cle(), corps, etat };
      }
      if (base) this.envoye ??= etat;
      this.garder();
      this.poser({ phase: "envoi" });
      const envoye = this.creation?.etat ?? this.envoye ?? etat;
      try {
        const recu =
          base || !this.creation
            ? await this.ports.modifier(envoye, base as Versioned<T>)
            : await this.ports.creer(this.creation.corps, this.creation.cle);
        this.recevoir(envoye, recu, base === null);
      } catch (erreur) {
        if (!(await this.rattraper(erreur, envoye))) return null;
      }
    }
    return null;
  }

  private recevoir(envoye: T, recu: Versioned<T>, cree: boolean): void {
    this.creation = null;
    this.envoye = null;
    const mien = this.ports.apparier(this.vue.etat, envoye, recu.value);
    const etat = fusionner(this.ports.apparier(envoye, envoye, recu.value), mien, recu.value).valeur;
    this.poser({
      illisibles: suivre(this.vue.illisibles, mien, etat),
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

  /**
   * What is typed here on top of what was read. If what was read holds all that an unanswered write changed, that write took effect: both go on from
   * it, and what it added is not added again. What was asked and not answered is asked again, unless both say the same now.
   */
  private rejoindre(base: T, etat: T, lu: T, ouverts: readonly Conflit[]): { mien: T; valeur: T; conflits: Conflit[] } {
    const { mien, valeur, conflits } = this.reunir(base, etat, lu);
    const poses = new Set(conflits.map(({ pointeur }) => pointeur));
    const encore = suivre(ouverts, mien, valeur).flatMap((conflit) => {
      if (poses.has(conflit.pointeur)) return [];
      return suivre([conflit], valeur, lu)
        .map(({ pointeur }) => ({ ...conflit, mien: at(valeur, conflit.pointeur), autre: at(lu, pointeur) }))
        .filter((question) => !memeSaisie(question.mien, question.autre));
    });
    return { mien, valeur, conflits: [...encore, ...conflits] };
  }

  private reunir(base: T, etat: T, lu: T): { mien: T; valeur: T; conflits: Conflit[] } {
    const { envoye } = this;
    // The same version: the write may still be on its way.
    if (envoye && this.ports.version(lu) > this.ports.version(base)) {
      this.envoye = null;
      const ecrit = this.ports.apparier(envoye, envoye, lu);
      if (memeSaisie(fusionner(base, ecrit, lu).valeur, lu)) {
        const mien = this.ports.apparier(etat, envoye, lu);
        return { mien, ...fusionner(ecrit, mien, lu) };
      }
    }
    return { mien: etat, ...fusionner(base, etat, lu) };
  }

  /** Whether there is a reason to write again at once. */
  private async rattraper(erreur: unknown, envoye: T): Promise<boolean> {
    const { base } = this.vue;
    if (base && erreur instanceof Probleme && erreur.status === 412) {
      try {
        const lu = await this.ports.lire(base);
        const { mien, valeur, conflits } = this.rejoindre(base.value, this.vue.etat, lu.value, this.vue.conflits);
        // Refused: whatever is not in what was read now took no effect.
        this.envoye = null;
        const illisibles = suivre(this.vue.illisibles, mien, valeur);
        this.poser({ base: lu, etat: valeur, conflits, illisibles, phase: conflits.length ? "conflit" : "modifie" });
        this.garder();
        return conflits.length === 0;
      } catch (autre) {
        return this.rattraper(autre, envoye);
      }
    }
    // A refusal took no effect: the next attempt is another one.
    if (erreur instanceof Probleme && !passager(erreur)) {
      this.creation = null;
      this.envoye = null;
      // It is not what is on the screen any more that was refused.
      if (!memeSaisie(envoye, this.vue.etat)) return true;
    }
    const fautes = erreur instanceof Probleme ? erreur.erreurs : [];
    this.poser({ phase: "echec", erreur, fautes, erreurs: byField(fautes) });
    this.garder();
    if (passager(erreur)) this.planifier(nouvelEssai(erreur));
    return false;
  }
}
