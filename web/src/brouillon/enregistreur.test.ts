import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Versioned } from "@/api/client";
import { Injoignable, Probleme } from "@/api/problemes";
import type { Dossier } from "@/api/types";
import { ajouterEquipement, ajouterLigne, apparier, choisirMutuelle, dossierVide, retirerLigne } from "@/ecrans/dossier/modele";
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

  test("a question stays one after a reload, while one types elsewhere, and when she writes once more, until it is answered", async () => {
    const hers = lue("HER", null, 2);
    const { ports, kept } = essai({
      modifier: vi.fn(async () => Promise.reject(refus(412))),
      lire: vi.fn(async () => hers),
    });
    const store = new Enregistreur(ports, lue("A"), vide);
    store.modifier("/nom", "MINE");
    await store.flush();
    store.modifier("/prenom", "Fabienne");
    const question = { phase: "conflit", etat: { nom: "MINE" }, conflits: [{ pointeur: "/nom", mien: "MINE", autre: "HER" }] };
    expect(store.instantane()).toMatchObject(question);

    const encore = new Enregistreur(ports, hers, vide, kept());
    expect(encore.instantane()).toMatchObject(question);
    encore.reprendre();
    encore.adopter(lue("HER", "Lou", 3));
    expect(encore.instantane()).toMatchObject({
      phase: "conflit",
      conflits: [{ pointeur: "/nom" }, { pointeur: "/prenom", autre: "Lou" }],
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ports.modifier).toHaveBeenCalledTimes(1);

    const apres = new Enregistreur(ports, lue("HIS", "Fabienne", 4), vide, kept());
    expect(apres.instantane().conflits).toEqual([{ pointeur: "/nom", mien: "MINE", autre: "HIS" }]);
    const daccord = new Enregistreur(ports, lue("MINE", "Fabienne", 5), vide, kept());
    expect(daccord.instantane()).toMatchObject({ phase: "calme", conflits: [] });
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

describe("a write whose answer is lost", () => {
  const ligne = (designation: string) => (etat: Dossier) => {
    const avec = ajouterLigne(etat, 0);
    const [equipement, ...autres] = avec.equipements;
    if (!equipement) throw new Error("no equipment");
    const lignes = equipement.lignes.map((ligne, i) => (i === equipement.lignes.length - 1 ? { ...ligne, designation } : ligne));
    return { ...avec, equipements: [{ ...equipement, lignes }, ...autres] };
  };

  /** A server that numbers new equipments and refuses a write over an old version; while `perdues` > 0 its answers are lost. */
  function systeme() {
    const serveur = { lu: { value: { ...dossierVide("2026-11-22"), id: "dos_1", version: 1 }, etag: '"1"' }, perdues: 1, arrivees: true };
    let kept: Brouillon<Dossier> | null = null;
    const ports: Ports<Dossier> = {
      creer: () => Promise.reject(refus(400)),
      modifier: async (etat, avant) => {
        const perdue = serveur.perdues > 0;
        serveur.perdues -= 1;
        if (perdue && !serveur.arrivees) throw new Injoignable();
        if (avant.etag !== serveur.lu.etag) throw perdue ? new Injoignable() : refus(412);
        const version = serveur.lu.value.version + 1;
        let dernier = Math.max(...serveur.lu.value.equipements.map(({ numero }) => numero));
        const equipements = etat.equipements.map((e) => ({ ...e, numero: e.numero < 0 ? ++dernier : e.numero }));
        serveur.lu = { value: { ...etat, version, equipements }, etag: `"${version}"` };
        if (perdue) throw new Injoignable();
        return serveur.lu;
      },
      lire: async () => serveur.lu,
      corpsDeCreation: () => null,
      apparier,
      version: ({ version }) => version,
      garder: (brouillon) => {
        kept = brouillon;
      },
      onEnregistre: () => undefined,
      cle: () => "cle",
      maintenant: () => 0,
    };
    const ouvrir = (brouillon: Brouillon<Dossier> | null = null) =>
      new Enregistreur(
        ports,
        serveur.lu,
        dossierVide("2026-11-22"),
        brouillon && (JSON.parse(JSON.stringify(brouillon)) as Brouillon<Dossier>),
      );
    return { serveur, ouvrir, kept: () => kept };
  }
  const vu = ({ equipements }: Dossier) =>
    equipements.map(({ numero, lignes }) => [numero, lignes.map((l) => [l.designation, l.prix_unitaire_centimes])]);

  const cas: [string, (store: Enregistreur<Dossier>) => void, (store: Enregistreur<Dossier>) => void, unknown][] = [
    [
      "an equipment that was added",
      (store) => store.changer((etat) => ajouterEquipement(etat)),
      (store) => store.modifier("/equipements/1/vision", "LOIN"),
      [
        [1, []],
        [2, []],
      ],
    ],
    [
      "a line whose price is typed meanwhile",
      (store) => store.changer(ligne("Orma")),
      (store) => store.modifier("/equipements/0/lignes/0/prix_unitaire_centimes", 250),
      [[1, [["Orma", 250]]]],
    ],
  ];
  test.each(cas)("%s is there once, whether it had arrived or not", async (_, avant, apres, attendu) => {
    for (const arrivees of [true, false]) {
      const { serveur, ouvrir } = systeme();
      serveur.arrivees = arrivees;
      const store = ouvrir();
      avant(store);
      expect(await store.flush()).toBeNull();
      apres(store);
      expect(await store.flush()).not.toBeNull();
      expect(vu(serveur.lu.value)).toEqual(attendu);
      expect(vu(store.instantane().etat)).toEqual(attendu);
      expect(store.instantane()).toMatchObject({ phase: "calme", conflits: [] });
    }
  });

  test.each(cas)("%s is there once after a reload, and after another person wrote too", async (_, avant, apres, attendu) => {
    const { serveur, ouvrir, kept } = systeme();
    const store = ouvrir();
    avant(store);
    await store.flush();
    apres(store);
    serveur.lu = { value: { ...serveur.lu.value, date: "2026-11-20", version: 3 }, etag: '"3"' };
    const again = ouvrir(kept());
    expect(vu(again.instantane().etat)).toEqual(attendu);
    expect((await again.flush())?.value.date).toBe("2026-11-20");
    expect(vu(serveur.lu.value)).toEqual(attendu);
  });

  test.each(["a reload", "a reading of what the server has", "nothing but another attempt"])(
    "nothing stays kept of a write that had arrived, after %s",
    async (apres) => {
      const { serveur, ouvrir, kept } = systeme();
      const store = ouvrir();
      store.modifier("/date", "2026-11-21");
      await store.flush();
      expect(kept()).not.toBeNull();
      if (apres === "a reload") ouvrir(kept()).reprendre();
      else if (apres === "nothing but another attempt") await store.flush();
      else store.adopter(serveur.lu);
      expect(kept()).toBeNull();
    },
  );

  test("a draft that holds nothing but what is saved goes when the save finds nothing to write", async () => {
    const { ports, kept } = essai();
    const store = new Enregistreur(ports, lue("A"), vide);
    store.modifier("/nom", "B");
    store.modifier("/nom", "A");
    await store.flush();
    expect(kept()).toBeNull();
    expect(ports.modifier).not.toHaveBeenCalled();
  });

  test("what was taken back meanwhile is taken back on the server too", async () => {
    const { serveur, ouvrir } = systeme();
    const store = ouvrir();
    store.modifier("/date", "2026-11-21");
    await store.flush();
    store.modifier("/date", "2026-11-22");
    await store.flush();
    expect(serveur.lu.value.date).toBe("2026-11-22");
  });

  test("a refusal of what was sent before it was corrected is not the last word", async () => {
    const modifier = vi
      .fn()
      .mockRejectedValueOnce(new Injoignable())
      .mockRejectedValueOnce(refus(422, "/nom"))
      .mockImplementation(async (etat: Chose) => ({ value: { ...etat, version: 2 }, etag: '"2"' }));
    const { ports } = essai({ modifier });
    const store = new Enregistreur(ports, lue("A"), vide);
    store.modifier("/nom", "12");
    await store.flush();
    store.modifier("/nom", "B");
    expect((await store.flush())?.value.nom).toBe("B");
    expect(store.instantane().fautes).toEqual([]);
  });

  test("a creation that still runs keeps its key", async () => {
    const { document } = refus(409);
    const enCours = new Probleme({ ...document, type: "/problemes/requete-en-cours" }, 1);
    const creer = vi.fn().mockRejectedValueOnce(enCours).mockResolvedValueOnce(lue("A"));
    const { ports } = essai({ creer });
    const store = new Enregistreur(ports, null, vide);
    store.modifier("/nom", "A");
    await store.flush();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(creer.mock.calls[1]).toEqual(creer.mock.calls[0]);
    expect(store.instantane().phase).toBe("calme");
  });
});

describe("a text that a field could not read", () => {
  const BRUT = { texte: "25O", erreur: "Un montant." };
  const deuxLignes = { ...dossierVide("2026-11-22"), id: "dos_1", version: 1 };
  const PRIX = "/equipements/0/lignes/1/prix_unitaire_centimes";

  test("stops what would be sent or printed, not the save of the rest, and comes back after a reload", async () => {
    const { ports, kept } = essai();
    const store = new Enregistreur(ports, lue("A"), vide);
    store.signaler("/prenom", BRUT);
    store.modifier("/nom", "B");
    expect(await store.flush()).toBeNull();
    expect(ports.modifier).toHaveBeenCalledTimes(1);
    const again = new Enregistreur(ports, lue("B", null, 2), vide, kept());
    expect(again.instantane()).toMatchObject({ repris: true, illisibles: [{ pointeur: "/prenom", ...BRUT }] });
    again.signaler("/prenom", null);
    expect(await again.flush()).not.toBeNull();
    expect(kept()).toBeNull();
  });

  test("goes with a value that comes in its place, and with what is given up", () => {
    const { ports } = essai();
    const store = new Enregistreur(ports, lue("A"), vide);
    store.signaler("/prenom", BRUT);
    store.changer((etat) => ({ ...etat, nom: "B" }));
    expect(store.instantane().illisibles).toHaveLength(1);
    store.changer((etat) => ({ ...etat, prenom: "C" }));
    expect(store.instantane().illisibles).toEqual([]);
    store.signaler("/prenom", BRUT);
    store.abandonner();
    expect(store.instantane().illisibles).toEqual([]);
  });

  test("goes with the card that another replaces", () => {
    const ports = essai().ports as unknown as Ports<Dossier>;
    const store = new Enregistreur(ports, { value: deuxLignes, etag: '"1"' }, deuxLignes);
    store.signaler("/tiers_payant/fin_validite", BRUT);
    store.signaler("/date", BRUT);
    store.changer((etat) => choisirMutuelle(etat, "mut_1", null), "/tiers_payant");
    expect(store.instantane().illisibles).toMatchObject([{ pointeur: "/date" }]);
  });

  test("stays with its line when another is removed, and goes with its own", () => {
    const ports = essai().ports as unknown as Ports<Dossier>;
    const depart = ajouterLigne(ajouterLigne(deuxLignes, 0), 0);
    const store = new Enregistreur(ports, { value: depart, etag: '"1"' }, deuxLignes);
    store.signaler(PRIX, BRUT);
    store.changer((etat) => retirerLigne(etat, 0, 0));
    expect(store.instantane().illisibles).toMatchObject([{ pointeur: "/equipements/0/lignes/0/prix_unitaire_centimes" }]);
    store.changer((etat) => retirerLigne(etat, 0, 0));
    expect(store.instantane().illisibles).toEqual([]);
  });
});
