import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Versioned } from "@/api/client";
import { Injoignable, Probleme } from "@/api/problemes";
import { type Brouillon, DELAI_MS, Enregistreur, type Ports } from "./enregistreur";

interface Chose {
  version: number;
  nom: string;
  prenom: string | null;
}
const vide: Chose = { version: 0, nom: "", prenom: null };
const lue = (nom: string, prenom: string | null = null, version = 1): Versioned<Chose> => ({
  value: { version, nom, prenom },
  etag: `"${version}"`,
});
const refus = (status: number, champ?: string) =>
  new Probleme({
    type: "/problemes/x",
    title: "x",
    status,
    detail: "x",
    instance: "",
    erreurs: champ ? [{ champ, code: "C", message: "Non." }] : [],
  });

let keys = 0;
function essai(over: Partial<Ports<Chose>> = {}) {
  let kept: Brouillon<Chose> | null = null;
  const ports = {
    creer: vi.fn(async (corps: unknown) => ({ value: { ...(corps as Chose), version: 1 }, etag: '"1"' })),
    modifier: vi.fn(async (etat: Chose, avant: Versioned<Chose>) => ({
      value: { ...etat, version: avant.value.version + 1 },
      etag: '"n"',
    })),
    lire: vi.fn(async (avant: Versioned<Chose>) => avant),
    corpsDeCreation: (etat: Chose) => (etat.nom ? etat : null),
    apparier: (etat: Chose) => etat,
    version: (valeur: Chose) => valeur.version,
    garder: (brouillon: Brouillon<Chose> | null) => {
      kept = brouillon;
    },
    onEnregistre: vi.fn(),
    cle: () => `cle-${++keys}`,
    maintenant: () => 0,
    ...over,
  };
  return { ports, kept: () => kept };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a form that saves itself", () => {
  test("nothing is sent before the server could accept it, then one write holds all that was typed meanwhile", async () => {
    const { ports, kept } = essai();
    const store = new Enregistreur(ports, null, vide);
    store.modifier("/prenom", "Fabienne");
    await vi.advanceTimersByTimeAsync(DELAI_MS);
    expect(ports.creer).not.toHaveBeenCalled();
    expect(kept()?.etat.prenom).toBe("Fabienne");
    store.modifier("/nom", "MONT");
    store.modifier("/nom", "MONTFORT");
    await vi.advanceTimersByTimeAsync(DELAI_MS);
    expect(ports.creer).toHaveBeenCalledTimes(1);
    expect(store.instantane()).toMatchObject({ phase: "calme", base: { value: { nom: "MONTFORT", prenom: "Fabienne" } } });
    expect(kept()).toBeNull();
  });

  test("what is typed while a write is on its way is not overwritten by the answer, and is written next", async () => {
    const { ports } = essai();
    const store = new Enregistreur(ports, lue("A"), vide);
    store.modifier("/nom", "B");
    const saved = store.flush();
    store.modifier("/prenom", "Z");
    expect((await saved)?.value).toEqual({ version: 3, nom: "B", prenom: "Z" });
    expect(ports.modifier).toHaveBeenCalledTimes(2);
  });

  test("a creation that nobody answered is repeated word for word under its key, then what changed is written", async () => {
    const answers = [new Injoignable(), null];
    const { ports, kept } = essai({
      creer: vi.fn(async (corps: unknown) => {
        const failure = answers.shift();
        if (failure) throw failure;
        return { value: { ...(corps as Chose), version: 1 }, etag: '"1"' };
      }),
    });
    const store = new Enregistreur(ports, null, vide);
    store.modifier("/nom", "A");
    expect(await store.flush()).toBeNull();
    expect(store.instantane().phase).toBe("echec");
    // The page is loaded again: only the draft is left.
    const again = new Enregistreur(ports, null, vide, kept());
    expect(again.instantane()).toMatchObject({ repris: true, etat: { nom: "A" } });
    again.modifier("/prenom", "Z");
    await again.flush();
    const [first, second] = vi.mocked(ports.creer).mock.calls;
    expect(second).toEqual(first);
    expect(ports.modifier).toHaveBeenCalledTimes(1);
    expect(again.instantane().base?.value).toMatchObject({ nom: "A", prenom: "Z" });
  });

  test("a refusal shows its sentences at the fields until they change, and the next attempt has another key", async () => {
    const creer = vi.fn().mockRejectedValueOnce(refus(422, "/nom")).mockResolvedValueOnce(lue("B"));
    const { ports } = essai({ creer });
    const store = new Enregistreur(ports, null, vide);
    store.modifier("/nom", "A");
    await store.flush();
    expect(store.instantane().erreurs.get("/nom")).toBe("Non.");
    store.modifier("/nom", "B");
    expect(store.instantane().erreurs.size).toBe(0);
    await store.flush();
    expect(creer.mock.calls[0]?.[1]).not.toBe(creer.mock.calls[1]?.[1]);
  });

  test("somebody else wrote: what I changed and she did not is written on top of hers", async () => {
    const modifier = vi
      .fn()
      .mockRejectedValueOnce(refus(412))
      .mockImplementation(async (etat: Chose) => ({ value: { ...etat, version: 3 }, etag: '"3"' }));
    const { ports } = essai({ modifier, lire: async () => lue("HER", null, 2) });
    const store = new Enregistreur(ports, lue("A"), vide);
    store.modifier("/prenom", "Z");
    expect((await store.flush())?.value).toEqual({ version: 3, nom: "HER", prenom: "Z" });
  });

  test("both changed the same field: nothing is written until the person chose", async () => {
    const modifier = vi
      .fn()
      .mockRejectedValueOnce(refus(412))
      .mockImplementation(async (etat: Chose) => ({ value: { ...etat, version: 3 }, etag: '"3"' }));
    const { ports } = essai({ modifier, lire: async () => lue("HER", null, 2) });
    const store = new Enregistreur(ports, lue("A"), vide);
    store.modifier("/nom", "MINE");
    expect(await store.flush()).toBeNull();
    expect(store.instantane()).toMatchObject({ phase: "conflit", conflits: [{ pointeur: "/nom", mien: "MINE", autre: "HER" }] });
    expect(await store.flush()).toBeNull();
    expect(modifier).toHaveBeenCalledTimes(1);
    store.trancher("/nom", true);
    await store.flush();
    expect(store.instantane()).toMatchObject({ phase: "calme", etat: { nom: "HER" } });
  });

  test("a server that said how long to wait is not asked before", async () => {
    const { document } = refus(429);
    const modifier = vi.fn(async () => Promise.reject(new Probleme(document, 30)));
    const { ports } = essai({ modifier });
    const store = new Enregistreur(ports, lue("A"), vide);
    store.modifier("/nom", "B");
    await vi.advanceTimersByTimeAsync(DELAI_MS);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(modifier).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(modifier).toHaveBeenCalledTimes(2);
  });

  test("a server that is down is asked again by itself", async () => {
    const modifier = vi
      .fn()
      .mockRejectedValueOnce(new Injoignable())
      .mockResolvedValueOnce(lue("B", null, 2));
    const { ports } = essai({ modifier });
    const store = new Enregistreur(ports, lue("A"), vide);
    store.modifier("/nom", "B");
    await vi.advanceTimersByTimeAsync(DELAI_MS);
    expect(store.instantane().phase).toBe("echec");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(store.instantane().phase).toBe("calme");
  });
});
