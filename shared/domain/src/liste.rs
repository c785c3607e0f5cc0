//! A shop's list of mutuelles: reading rows, laying the shop's changes over the conventions, adopting, importing, editing.
//!
//! What must hold: a shop sees *convention + its own changes*; a download never loses what the shop wrote, and importing an export
//! changes nothing. Conventions are never edited: only [`Ajouts`] change. A mutuelle's id follows from its key, so adopting a
//! version invents no ids and every shop that adopted a list names its organisms alike.
//!
//! An own mutuelle whose key later appears in a convention stays as it is, under its id, because dossiers name that id; the
//! convention's mutuelle stands beside it, and rows of a file with that key go to the convention's. The shop deletes its own
//! when it wants to.
//!
//! Deliberately absent: decoding of CSV (see `lambda::csv`), storage, and any judgement on what a concentrator may say. Columns and
//! flags follow the mutuelle dialogs of the Winoptics and MyEasyOptic manuals (« Pratique du TOP Mutualiste », « PEC : OPT/LEN »).

use crate::{
    centimes::Centimes,
    dioptre::Pourcentage,
    empreinte::hex,
    erreur::Invalide,
    ids::{MagasinId, MutuelleId},
    limites::{COURT_CARACTERES_MAX, DESIGNATION_CARACTERES_MAX, NOM_MUTUELLE_CARACTERES_MAX, REMARQUE_CARACTERES_MAX},
    mutuelle::{
        Ajouts, Assiette, Calcul, ChampCoordonnee, Cle, Coordonnees, Fiche, Forfait, Mutuelle, OrigineMutuelle, Pec, Plateau, Propre, Regime, Retouche,
        Routage, TypeForfait,
    },
    texte,
};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashMap, HashSet, hash_map::Entry},
    str::FromStr,
};

/// The columns of a list, in the order they are written.
pub const COLONNES: [&str; 20] = [
    "nom",
    "plateau",
    "identifiant",
    "pec",
    "annulation",
    "champs_requis",
    "facultatifs_exiges",
    "adresse1",
    "adresse2",
    "code_postal",
    "localite",
    "telephone",
    "telephone2",
    "fax",
    "site_web",
    "autre",
    "remarque",
    "top_mutualiste",
    "sans_tiers_payant",
    "tp_externalise",
];

/// The columns without which rows cannot be told apart: without `plateau`, every organism of the file would look like a new one.
pub const COLONNES_OBLIGATOIRES: [&str; 4] = ["nom", "plateau", "identifiant", "pec"];

/// One thing wrong with a row or a body: the column, and why.
pub type Faute = (&'static str, Invalide);

/// A row as read: its line in the file, and what it says or everything wrong with it.
pub type Ligne = (u32, Result<Fiche, Vec<Faute>>);

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneRejetee {
    /// Line of the file, the header being line 1.
    pub ligne: u32,
    /// The first column at fault.
    pub champ: String,
    /// Everything wrong with the row, in French.
    pub raison: String,
}

impl LigneRejetee {
    /// One rejected row: counted once, whatever the number of its faults.
    fn of(ligne: u32, fautes: &[Faute]) -> Self {
        let champ = fautes.first().map_or("nom", |(champ, _)| champ);
        let raisons: Vec<String> =
            fautes.iter().map(|(autre, invalide)| if *autre == champ { invalide.message.clone() } else { format!("{autre} : {}", invalide.message) }).collect();
        Self { ligne, champ: champ.to_owned(), raison: raisons.join(" ") }
    }
}

/// What a download or an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rapport {
    /// Mutuelles the list did not have.
    pub ajoutees: usize,
    /// Mutuelles that are not what they were.
    pub modifiees: usize,
    /// Mutuelles that left the conventions.
    pub retirees: usize,
    /// Mutuelles that are what they were.
    pub inchangees: usize,
    /// Rows not taken.
    pub rejetees: Vec<LigneRejetee>,
}

/// An organism as somebody wrote it, cell by cell or field by field, before any rule was applied.
#[derive(Debug, Clone, Default)]
pub struct Saisie<'a> {
    /// Name.
    pub nom: Option<&'a str>,
    /// Plateau.
    pub plateau: Option<&'a str>,
    /// Identifiant.
    pub identifiant: Option<&'a str>,
    /// `OPT_LEN`, `OPT` or `NON`; nothing said is `NON`.
    pub pec: Option<&'a str>,
    /// A PEC can be cancelled electronically.
    pub annulation: bool,
    /// Numbers it cannot do without.
    pub champs_requis: Vec<&'a str>,
    /// Optional fields it demands.
    pub facultatifs_exiges: Vec<&'a str>,
    /// Where it is found, not cleaned yet.
    pub coordonnees: Coordonnees,
    /// « Pratique du TOP Mutualiste ».
    pub top_mutualiste: bool,
    /// « Ne gère pas le Tiers Payant ».
    pub sans_tiers_payant: bool,
    /// « TP externalisé ».
    pub tp_externalise: bool,
}

impl Saisie<'_> {
    /// Applies every rule; everything wrong is told at once.
    pub fn parse(self) -> Result<Fiche, Vec<Faute>> {
        let mut fautes = Vec::new();
        // A name of signs only would have no key.
        let keyed =
            |nom: String| if texte::fold(&nom).is_empty() { Err(Invalide::new("NOM", "Un nom contient au moins une lettre ou un chiffre.")) } else { Ok(nom) };
        let nom = kept("nom", texte::required(self.nom, NOM_MUTUELLE_CARACTERES_MAX).and_then(keyed), &mut fautes);
        let routage = parse_routage(self.plateau, self.identifiant, &mut fautes);
        let pec = match self.pec.map(str::trim).unwrap_or_default() {
            "" => Some(Pec::Non),
            text => kept("pec", Pec::from_str(text), &mut fautes),
        };
        if routage == Some(None) && pec.is_some_and(|p| p != Pec::Non) {
            fautes.push(("plateau", Invalide::new("PLATEAU", "Une mutuelle sans plateau ne prend pas de PEC électronique : la colonne pec doit être NON.")));
        }
        let champs_requis = kept("champs_requis", parse_list(&self.champs_requis), &mut fautes);
        let facultatifs_exiges = kept("facultatifs_exiges", parse_list(&self.facultatifs_exiges), &mut fautes);
        let coordonnees = match parse_coordonnees(self.coordonnees) {
            Ok(coordonnees) => Some(coordonnees),
            Err(autres) => {
                fautes.extend(autres);
                None
            }
        };
        match (nom, routage, pec, champs_requis, facultatifs_exiges, coordonnees) {
            (Some(nom), Some(routage), Some(pec), Some(champs_requis), Some(facultatifs_exiges), Some(coordonnees)) if fautes.is_empty() => Ok(Fiche {
                nom,
                routage,
                pec,
                annulation: self.annulation,
                champs_requis,
                facultatifs_exiges,
                coordonnees,
                top_mutualiste: self.top_mutualiste,
                sans_tiers_payant: self.sans_tiers_payant,
                tp_externalise: self.tp_externalise,
            }),
            _ => Err(fautes),
        }
    }
}

fn kept<T>(champ: &'static str, read: Result<T, Invalide>, fautes: &mut Vec<Faute>) -> Option<T> {
    read.map_err(|invalide| fautes.push((champ, invalide))).ok()
}

/// `None` when something is wrong, `Some(None)` when there is neither plateau nor identifiant.
fn parse_routage(plateau: Option<&str>, identifiant: Option<&str>, fautes: &mut Vec<Faute>) -> Option<Option<Routage>> {
    let (plateau, identifiant) = (texte::clean(plateau.unwrap_or_default()), texte::clean(identifiant.unwrap_or_default()));
    match (plateau.is_empty(), identifiant.is_empty()) {
        (true, true) => Some(None),
        (false, true) => {
            kept("plateau", plateau.parse::<Plateau>(), fautes);
            kept("identifiant", Err(Invalide::new("IDENTIFIANT", "Un plateau va toujours avec un identifiant.")), fautes)
        }
        (true, false) => {
            kept("identifiant", identifiant.parse::<Plateau>(), fautes);
            kept("plateau", Err(Invalide::new("PLATEAU", "Un identifiant va toujours avec un plateau.")), fautes)
        }
        (false, false) => {
            let plateau = kept("plateau", plateau.parse::<Plateau>(), fautes);
            let identifiant = kept("identifiant", identifiant.parse::<Plateau>(), fautes);
            Some(Some(Routage { plateau: plateau?, identifiant: identifiant? }))
        }
    }
}

/// Each value once, in the order given; empty ones are skipped.
fn parse_list<T: FromStr<Err = Invalide> + PartialEq>(texts: &[&str]) -> Result<Vec<T>, Invalide> {
    let mut values = Vec::new();
    for text in texts.iter().map(|t| t.trim()).filter(|t| !t.is_empty()) {
        let value = text.parse()?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Ok(values)
}

/// How long a field of the address, telephones and remarks may be, in characters.
pub const fn caracteres_max(champ: ChampCoordonnee) -> usize {
    match champ {
        ChampCoordonnee::Adresse1 | ChampCoordonnee::Adresse2 | ChampCoordonnee::CodePostal | ChampCoordonnee::Localite => COURT_CARACTERES_MAX,
        ChampCoordonnee::Telephone | ChampCoordonnee::Telephone2 | ChampCoordonnee::Fax => COURT_CARACTERES_MAX,
        ChampCoordonnee::SiteWeb | ChampCoordonnee::Autre => DESIGNATION_CARACTERES_MAX,
        ChampCoordonnee::Remarque => REMARQUE_CARACTERES_MAX,
    }
}

fn parse_coordonnees(mut coordonnees: Coordonnees) -> Result<Coordonnees, Vec<Faute>> {
    let mut fautes = Vec::new();
    for champ in ChampCoordonnee::ALL.iter().copied() {
        match texte::optional(coordonnees.get(champ).as_deref(), caracteres_max(champ)) {
            Ok(cleaned) => *coordonnees.get_mut(champ) = cleaned,
            Err(invalide) => fautes.push((champ.as_str(), invalide)),
        }
    }
    if fautes.is_empty() { Ok(coordonnees) } else { Err(fautes) }
}

/// Reads one row by column name; a column the file does not have reads as empty.
pub fn parse_row<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Result<Fiche, Vec<Faute>> {
    let mut fautes = Vec::new();
    let mut yes = |champ: &'static str| kept(champ, parse_oui_non(get(champ).unwrap_or_default()), &mut fautes).unwrap_or_default();
    let (annulation, top_mutualiste, sans_tiers_payant, tp_externalise) =
        (yes("annulation"), yes("top_mutualiste"), yes("sans_tiers_payant"), yes("tp_externalise"));
    let list = |champ| get(champ).map(|cell| cell.split('|').collect()).unwrap_or_default();
    let mut coordonnees = Coordonnees::default();
    for champ in ChampCoordonnee::ALL.iter().copied() {
        *coordonnees.get_mut(champ) = get(champ.as_str()).map(str::to_owned);
    }
    let saisie = Saisie {
        nom: get("nom"),
        plateau: get("plateau"),
        identifiant: get("identifiant"),
        pec: get("pec"),
        annulation,
        champs_requis: list("champs_requis"),
        facultatifs_exiges: list("facultatifs_exiges"),
        coordonnees,
        top_mutualiste,
        sans_tiers_payant,
        tp_externalise,
    };
    match saisie.parse() {
        Ok(fiche) if fautes.is_empty() => Ok(fiche),
        Ok(_) => Err(fautes),
        Err(mut autres) => {
            autres.append(&mut fautes);
            Err(autres)
        }
    }
}

fn parse_oui_non(text: &str) -> Result<bool, Invalide> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("oui") {
        Ok(true)
    } else if text.is_empty() || text.eq_ignore_ascii_case("non") {
        Ok(false)
    } else {
        Err(Invalide::new("OUI_NON", "oui ou non est attendu."))
    }
}

/// The cells of a row, in the order of [`COLONNES`]; [`parse_row`] reads the same fiche from them.
pub fn fiche_to_row(fiche: &Fiche) -> [String; 20] {
    let oui_non = |yes| if yes { "oui" } else { "non" }.to_owned();
    let coordonnee = |champ| fiche.coordonnees.get(champ).clone().unwrap_or_default();
    let routage = fiche.routage.as_ref();
    [
        fiche.nom.clone(),
        routage.map(|r| r.plateau.to_string()).unwrap_or_default(),
        routage.map(|r| r.identifiant.to_string()).unwrap_or_default(),
        fiche.pec.as_str().to_owned(),
        oui_non(fiche.annulation),
        fiche.champs_requis.iter().map(|c| c.as_str()).collect::<Vec<_>>().join("|"),
        fiche.facultatifs_exiges.iter().map(|c| c.as_str()).collect::<Vec<_>>().join("|"),
        coordonnee(ChampCoordonnee::Adresse1),
        coordonnee(ChampCoordonnee::Adresse2),
        coordonnee(ChampCoordonnee::CodePostal),
        coordonnee(ChampCoordonnee::Localite),
        coordonnee(ChampCoordonnee::Telephone),
        coordonnee(ChampCoordonnee::Telephone2),
        coordonnee(ChampCoordonnee::Fax),
        coordonnee(ChampCoordonnee::SiteWeb),
        coordonnee(ChampCoordonnee::Autre),
        coordonnee(ChampCoordonnee::Remarque),
        oui_non(fiche.top_mutualiste),
        oui_non(fiche.sans_tiers_payant),
        oui_non(fiche.tp_externalise),
    ]
}

/// Good rows, sorted by name, and bad ones. Of two rows with one key the second is bad.
pub fn read_rows(lignes: impl IntoIterator<Item = Ligne>) -> (Vec<Fiche>, Vec<LigneRejetee>) {
    let (mut fiches, mut rejetees, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
    for (ligne, row) in lignes {
        match row {
            Ok(fiche) => match seen.entry(fiche.cle()) {
                Entry::Vacant(free) => {
                    free.insert(ligne);
                    fiches.push(fiche);
                }
                Entry::Occupied(first) => {
                    let champ = if fiche.routage.is_some() { "plateau" } else { "nom" };
                    let raison = format!("La même mutuelle figure déjà à la ligne {} ; seule la première ligne est prise.", first.get());
                    rejetees.push(LigneRejetee { ligne, champ: champ.into(), raison });
                }
            },
            Err(fautes) => rejetees.push(LigneRejetee::of(ligne, &fautes)),
        }
    }
    fiches.sort_by_cached_key(|fiche| (texte::fold(&fiche.nom), fiche.cle()));
    (fiches, rejetees)
}

/// Names the content of a convention list: the same organisms give the same version, however the file was written.
pub fn version_of(fiches: &[Fiche]) -> String {
    let mut hash = Sha256::new();
    for fiche in fiches {
        for cell in fiche_to_row(fiche) {
            hash.update(cell.as_bytes());
            // Neither sign can be in a cleaned cell.
            hash.update([0x1f]);
        }
        hash.update([0x1e]);
    }
    hex(&hash.finalize()[..16])
}

/// The id of a convention's mutuelle, the same in every shop.
pub fn convention_id(cle: &Cle) -> MutuelleId {
    match cle {
        Cle::Routage(Routage { plateau, identifiant }) => MutuelleId::derived(&["plateau", plateau.as_str(), identifiant.as_str()]),
        Cle::Nom(nom) => MutuelleId::derived(&["nom", nom]),
    }
}

/// The id of a mutuelle that a file of the shop's brought; `free` says that no other mutuelle of the shop has it.
fn propre_id(magasin: &MagasinId, cle: &Cle, free: impl Fn(&MutuelleId) -> bool) -> MutuelleId {
    let derived = |rank: &str| match cle {
        Cle::Routage(Routage { plateau, identifiant }) => MutuelleId::derived(&[magasin.as_str(), "plateau", plateau.as_str(), identifiant.as_str(), rank]),
        Cle::Nom(nom) => MutuelleId::derived(&[magasin.as_str(), "nom", nom, rank]),
    };
    // An own mutuelle keeps its id when the shop changes its key, so the first id of a key may be taken.
    let (mut rank, mut id) = (0u32, derived("0"));
    while !free(&id) {
        rank += 1;
        id = derived(&rank.to_string());
    }
    id
}

/// Where a mutuelle of the list comes from, with what stands there.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A row of the adopted conventions.
    Convention(&'a Fiche),
    /// The last row of an organism that left the conventions.
    Retiree(&'a Fiche),
    /// The shop's own.
    Propre(&'a Propre),
}

/// Finds a mutuelle of the list by its id.
pub fn find<'a>(convention: &'a [Fiche], ajouts: &'a Ajouts, id: &MutuelleId) -> Option<Source<'a>> {
    if let Some(propre) = ajouts.propres.get(id) {
        return Some(Source::Propre(propre));
    }
    match convention.iter().find(|fiche| convention_id(&fiche.cle()) == *id) {
        Some(fiche) => Some(Source::Convention(fiche)),
        None => ajouts.retouches.get(id)?.retiree.as_deref().map(Source::Retiree),
    }
}

/// The whole list as the shop sees it, by name.
pub fn compose(convention: &[Fiche], ajouts: &Ajouts) -> Vec<Mutuelle> {
    let mut present = HashSet::with_capacity(convention.len());
    let mut mutuelles = Vec::with_capacity(convention.len() + ajouts.propres.len());
    for fiche in convention {
        let id = convention_id(&fiche.cle());
        if present.insert(id.clone()) {
            mutuelles.push(overlay(id.clone(), fiche, ajouts.retouches.get(&id), false));
        }
    }
    let left = ajouts.retouches.iter().filter(|(id, _)| !present.contains(*id));
    mutuelles.extend(left.filter_map(|(id, retouche)| retouche.retiree.as_deref().map(|fiche| overlay(id.clone(), fiche, Some(retouche), true))));
    mutuelles.extend(ajouts.propres.iter().map(|(id, propre)| own(id.clone(), propre)));
    mutuelles.sort_by_cached_key(|mutuelle| (texte::fold(&mutuelle.fiche.nom), mutuelle.id.clone()));
    mutuelles
}

/// One mutuelle as the shop sees it.
pub fn compose_one(convention: &[Fiche], ajouts: &Ajouts, id: &MutuelleId) -> Option<Mutuelle> {
    let retouche = ajouts.retouches.get(id);
    Some(match find(convention, ajouts, id)? {
        Source::Convention(fiche) => overlay(id.clone(), fiche, retouche, false),
        Source::Retiree(fiche) => overlay(id.clone(), fiche, retouche, true),
        Source::Propre(propre) => own(id.clone(), propre),
    })
}

fn overlay(id: MutuelleId, fiche: &Fiche, retouche: Option<&Retouche>, retiree: bool) -> Mutuelle {
    let mut fiche = fiche.clone();
    let mut forfaits = Vec::new();
    if fiche.pec != Pec::Non {
        forfaits.push(Forfait::variable());
    }
    let mut regimes = Vec::new();
    if let Some(retouche) = retouche {
        for (champ, valeur) in &retouche.coordonnees {
            fiche.coordonnees.get_mut(*champ).clone_from(valeur);
        }
        regimes.clone_from(&retouche.regimes);
        forfaits.extend(retouche.forfaits.iter().cloned());
    }
    let version = retouche.map_or(1, |r| r.version.max(1));
    Mutuelle { id, fiche, regimes, forfaits, origine: OrigineMutuelle::Convention, retiree, version }
}

fn own(id: MutuelleId, propre: &Propre) -> Mutuelle {
    let Propre { version, fiche, regimes, forfaits } = propre.clone();
    Mutuelle { id, fiche, regimes, forfaits, origine: OrigineMutuelle::Magasin, retiree: false, version }
}

/// Takes a new version of the conventions. The report compares with the version the shop had; what left is kept, marked, with
/// everything the shop wrote, and comes back as it was when the organism reappears.
pub fn adopt(old: Option<&[Fiche]>, new: &[Fiche], ajouts: &Ajouts) -> (Ajouts, Rapport) {
    let (mut ajouts, mut rapport) = (ajouts.clone(), Rapport::default());
    let mut before: HashMap<Cle, &Fiche> = old.unwrap_or_default().iter().map(|fiche| (fiche.cle(), fiche)).collect();
    for fiche in new {
        let cle = fiche.cle();
        match before.remove(&cle) {
            Some(former) if former == fiche => rapport.inchangees += 1,
            Some(_) => rapport.modifiees += 1,
            None => {
                rapport.ajoutees += 1;
                come_back(&mut ajouts, &convention_id(&cle));
            }
        }
    }
    rapport.retirees = before.len();
    for (cle, fiche) in before {
        let retouche = ajouts.retouches.entry(convention_id(&cle)).or_insert_with(|| Retouche { version: 1, ..Retouche::default() });
        retouche.retiree = Some(Box::new(fiche.clone()));
    }
    (ajouts, rapport)
}

fn come_back(ajouts: &mut Ajouts, id: &MutuelleId) {
    let Some(retouche) = ajouts.retouches.get_mut(id) else { return };
    retouche.retiree = None;
    // A version that the shop has raised must never be given a second time.
    if retouche.version <= 1 && retouche.coordonnees.is_empty() && retouche.regimes.is_empty() && retouche.forfaits.is_empty() {
        ajouts.retouches.remove(id);
    }
}

/// Takes the rows of a file. A row of a convention's organism changes only what a shop may change, and only where it differs from
/// what the shop sees; any other row makes or changes one of the shop's own. `absentes`: columns the file does not have; they
/// change nothing.
pub fn import(convention: &[Fiche], ajouts: &Ajouts, magasin: &MagasinId, lignes: impl IntoIterator<Item = Ligne>, absentes: &[&str]) -> (Ajouts, Rapport) {
    let (fiches, rejetees) = read_rows(lignes);
    let mut ajouts = ajouts.clone();
    let mut rapport = Rapport { rejetees, ..Rapport::default() };
    let retirees: HashMap<Cle, Fiche> = ajouts.retouches.values().filter_map(|r| r.retiree.as_deref()).map(|fiche| (fiche.cle(), fiche.clone())).collect();
    let mut bases: HashMap<Cle, &Fiche> = retirees.iter().map(|(cle, fiche)| (cle.clone(), fiche)).collect();
    bases.extend(convention.iter().map(|fiche| (fiche.cle(), fiche)));
    let propres = own_by_key(&ajouts);
    for mut fiche in fiches {
        let cle = fiche.cle();
        if let Some(base) = bases.get(&cle) {
            let id = convention_id(&cle);
            let seen = overlay(id.clone(), base, ajouts.retouches.get(&id), false).fiche;
            keep_absent(&mut fiche, &seen, absentes);
            if retouch(&mut ajouts, &id, &base.coordonnees, &seen.coordonnees, &fiche.coordonnees) {
                rapport.modifiees += 1;
            } else {
                rapport.inchangees += 1;
            }
        } else if let Some(propre) = propres.get(&cle).and_then(|id| ajouts.propres.get_mut(id)) {
            keep_absent(&mut fiche, &propre.fiche, absentes);
            if propre.fiche == fiche {
                rapport.inchangees += 1;
            } else {
                propre.fiche = fiche;
                propre.version += 1;
                rapport.modifiees += 1;
            }
        } else {
            let id = propre_id(magasin, &cle, |id| !ajouts.propres.contains_key(id));
            ajouts.propres.insert(id, Propre { version: 1, fiche, regimes: Vec::new(), forfaits: Vec::new() });
            rapport.ajoutees += 1;
        }
    }
    (ajouts, rapport)
}

/// Of several own mutuelles with one key, the one that [`export_order`] writes first: so an export read again changes nothing.
fn own_by_key(ajouts: &Ajouts) -> HashMap<Cle, MutuelleId> {
    let mut propres: Vec<_> = ajouts.propres.iter().map(|(id, propre)| (texte::fold(&propre.fiche.nom), id, propre.fiche.cle())).collect();
    propres.sort();
    let mut by_key = HashMap::with_capacity(propres.len());
    for (_, id, cle) in propres {
        by_key.entry(cle).or_insert_with(|| id.clone());
    }
    by_key
}

/// What an export writes, in order: the conventions first, because rows go to them where a key is there twice. What left the
/// conventions is not written: the columns cannot say so, and another shop would take it for alive.
pub fn export_order(mutuelles: &[Mutuelle]) -> impl Iterator<Item = &Mutuelle> {
    let from = move |origine| mutuelles.iter().filter(move |m| m.origine == origine && !m.retiree);
    from(OrigineMutuelle::Convention).chain(from(OrigineMutuelle::Magasin))
}

fn keep_absent(fiche: &mut Fiche, seen: &Fiche, absentes: &[&str]) {
    for colonne in absentes {
        if let Ok(champ) = colonne.parse::<ChampCoordonnee>() {
            fiche.coordonnees.get_mut(champ).clone_from(seen.coordonnees.get(champ));
        }
        match *colonne {
            "annulation" => fiche.annulation = seen.annulation,
            "champs_requis" => fiche.champs_requis.clone_from(&seen.champs_requis),
            "facultatifs_exiges" => fiche.facultatifs_exiges.clone_from(&seen.facultatifs_exiges),
            "top_mutualiste" => fiche.top_mutualiste = seen.top_mutualiste,
            "sans_tiers_payant" => fiche.sans_tiers_payant = seen.sans_tiers_payant,
            "tp_externalise" => fiche.tp_externalise = seen.tp_externalise,
            _ => {}
        }
    }
}

/// Records where `wanted` differs from what the shop sees; a field put back to what the convention says follows it again.
fn retouch(ajouts: &mut Ajouts, id: &MutuelleId, base: &Coordonnees, seen: &Coordonnees, wanted: &Coordonnees) -> bool {
    if seen == wanted {
        return false;
    }
    let retouche = ajouts.retouches.entry(id.clone()).or_insert_with(|| Retouche { version: 1, ..Retouche::default() });
    for champ in ChampCoordonnee::ALL.iter().copied().filter(|c| seen.get(*c) != wanted.get(*c)) {
        if wanted.get(champ) == base.get(champ) {
            retouche.coordonnees.remove(&champ);
        } else {
            retouche.coordonnees.insert(champ, wanted.get(champ).clone());
        }
    }
    retouche.version += 1;
    true
}

/// A forfait as a shop writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForfaitSaisi {
    /// The id it had; absent for a new one.
    pub id: Option<String>,
    /// Label.
    pub libelle: String,
    /// How it is computed.
    pub calcul: Calcul,
}

/// What a shop may write of any mutuelle of its list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edition {
    /// Address, telephones, remarks.
    pub coordonnees: Coordonnees,
    /// Régimes.
    pub regimes: Vec<Regime>,
    /// Forfaits; « Variable » of a convention stands by itself, whatever is written of it.
    pub forfaits: Vec<ForfaitSaisi>,
}

/// How a forfait is computed, from its three possible figures: just what its type needs, and nothing missing.
pub fn parse_calcul(type_forfait: TypeForfait, montant: Option<Centimes>, part: Option<(Pourcentage, Option<Assiette>)>) -> Result<Calcul, Faute> {
    match (type_forfait, montant, part) {
        (TypeForfait::Variable, _, _) => Ok(Calcul::Variable),
        (TypeForfait::Fixe, Some(montant), _) => Ok(Calcul::Fixe(montant)),
        (TypeForfait::Fixe, None, _) => Err(("montant_centimes", Invalide::new("OBLIGATOIRE", "Un forfait fixe a un montant."))),
        (TypeForfait::Pourcentage, _, Some((part, Some(assiette)))) => Ok(Calcul::Pourcentage(part, assiette)),
        (TypeForfait::Pourcentage, _, Some((_, None))) => {
            Err(("assiette", Invalide::new("OBLIGATOIRE", "Un pourcentage porte sur le tarif (TARIF) ou sur le reste (RESTE).")))
        }
        (TypeForfait::Pourcentage, _, None) => Err(("pourcentage", Invalide::new("OBLIGATOIRE", "Un forfait en pourcentage a un pourcentage."))),
    }
}

/// Ids of new forfaits name the version that brought them, so that no dossier ever points at another forfait than the one it chose.
fn number(forfaits: Vec<ForfaitSaisi>, version: u64) -> Vec<Forfait> {
    let taken: BTreeSet<String> = forfaits.iter().filter_map(|f| f.id.clone()).collect();
    let mut fresh = (1u32..).map(|rank| format!("f{version}-{rank}")).filter(|id| !taken.contains(id));
    forfaits.into_iter().filter_map(|f| Some(Forfait { id: f.id.or_else(|| fresh.next())?, libelle: f.libelle, calcul: f.calcul })).collect()
}

/// A new mutuelle of the shop's own.
pub fn create(ajouts: &Ajouts, id: MutuelleId, mut fiche: Fiche, edition: Edition) -> Ajouts {
    let mut ajouts = ajouts.clone();
    fiche.coordonnees = edition.coordonnees;
    ajouts.propres.insert(id, Propre { version: 1, fiche, regimes: edition.regimes, forfaits: number(edition.forfaits, 1) });
    ajouts
}

/// Changes one of the shop's own. What is already so keeps its version.
pub fn edit_propre(ajouts: &Ajouts, id: &MutuelleId, mut fiche: Fiche, edition: Edition) -> Ajouts {
    let mut ajouts = ajouts.clone();
    if let Some(propre) = ajouts.propres.get_mut(id) {
        fiche.coordonnees = edition.coordonnees;
        let forfaits = number(edition.forfaits, propre.version + 1);
        if propre.fiche != fiche || propre.regimes != edition.regimes || propre.forfaits != forfaits {
            *propre = Propre { version: propre.version + 1, fiche, regimes: edition.regimes, forfaits };
        }
    }
    ajouts
}

/// Changes what a shop may change of a convention's mutuelle, whose row is `base`. What is already so keeps its version.
pub fn edit_convention(ajouts: &Ajouts, base: &Fiche, edition: Edition) -> Ajouts {
    let mut ajouts = ajouts.clone();
    let id = convention_id(&base.cle());
    let former = ajouts.retouches.get(&id).cloned().unwrap_or_else(|| Retouche { version: 1, ..Retouche::default() });
    let seen = overlay(id.clone(), base, Some(&former), false).fiche.coordonnees;
    retouch(&mut ajouts, &id, &base.coordonnees, &seen, &edition.coordonnees);
    let saisis = edition.forfaits.into_iter().filter(|f| f.id.as_deref() != Some(Forfait::VARIABLE)).collect();
    let forfaits = number(saisis, former.version + 1);
    if former.regimes != edition.regimes || former.forfaits != forfaits {
        let version = former.version + 1;
        let retouche = ajouts.retouches.entry(id).or_insert(former);
        *retouche = Retouche { version, regimes: edition.regimes, forfaits, ..retouche.clone() };
    }
    ajouts
}

/// The mutuelle belongs to the conventions: a shop cannot take it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Cette mutuelle vient des conventions : elle ne peut pas être supprimée.")]
pub struct DeLaConvention;

/// Takes one of the shop's own away.
pub fn delete(ajouts: &Ajouts, id: &MutuelleId) -> Result<Ajouts, DeLaConvention> {
    let mut ajouts = ajouts.clone();
    ajouts.propres.remove(id).map(|_| ajouts).ok_or(DeLaConvention)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutuelle::ChampRequis;

    fn row(cells: &[(&str, &str)]) -> Result<Fiche, Vec<Faute>> {
        parse_row(|colonne| cells.iter().find(|(c, _)| *c == colonne).map(|(_, v)| *v))
    }

    fn at_fault(cells: &[(&str, &str)]) -> Vec<&'static str> {
        row(cells).map_err(|fautes| fautes.into_iter().map(|(champ, _)| champ).collect()).err().unwrap_or_default()
    }

    fn fiche(nom: &str, plateau: &str) -> Fiche {
        row(&[
            ("nom", nom),
            ("plateau", plateau),
            ("identifiant", plateau),
            ("pec", if plateau.is_empty() { "NON" } else { "OPT_LEN" }),
            ("telephone", "01 99 00 00 01"),
        ])
        .unwrap()
    }

    fn shop() -> MagasinId {
        "mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
    }

    /// The rows of what an export writes, as an import reads them.
    fn exported(mutuelles: &[Mutuelle]) -> Vec<Ligne> {
        export_order(mutuelles)
            .zip(2..)
            .map(|(m, ligne)| {
                let cells = fiche_to_row(&m.fiche);
                (ligne, parse_row(|colonne| COLONNES.iter().position(|c| *c == colonne).map(|i| cells[i].as_str())))
            })
            .collect()
    }

    fn with_telephone(fiche: &Fiche, telephone: Option<&str>) -> Edition {
        let mut coordonnees = fiche.coordonnees.clone();
        coordonnees.telephone = telephone.map(str::to_owned);
        Edition { coordonnees, ..Edition::default() }
    }

    #[test]
    fn a_row_is_read_by_column_name() {
        let fiche = row(&[
            ("nom", " Mutuelle  Démo "),
            ("plateau", "00403220"),
            ("identifiant", "0040322000"),
            ("pec", "OPT"),
            ("annulation", "oui"),
            ("champs_requis", "numero_adherent| numero_contrat ||numero_adherent"),
            ("facultatifs_exiges", "verre_surface"),
            ("telephone", "+33 1 99 00 00 01"),
            ("tp_externalise", "OUI"),
        ])
        .unwrap();
        assert_eq!(
            (fiche.nom.as_str(), fiche.pec, fiche.annulation, fiche.tp_externalise, fiche.sans_tiers_payant),
            ("Mutuelle  Démo", Pec::Opt, true, true, false)
        );
        assert_eq!(fiche.routage.as_ref().map(|r| (r.plateau.as_str(), r.identifiant.as_str())), Some(("00403220", "0040322000")));
        assert_eq!(fiche.champs_requis, [ChampRequis::NumeroAdherent, ChampRequis::NumeroContrat]);
        let cells = fiche_to_row(&fiche);
        assert_eq!(parse_row(|c| COLONNES.iter().position(|x| *x == c).map(|i| cells[i].as_str())), Ok(fiche));
    }

    #[test]
    fn everything_wrong_with_a_row_is_told_at_once() {
        assert_eq!(
            at_fault(&[
                ("plateau", "1234"),
                ("identifiant", "12345678A"),
                ("pec", "PEUT-ETRE"),
                ("annulation", "vrai"),
                ("champs_requis", "age"),
                ("facultatifs_exiges", "taille")
            ]),
            ["nom", "plateau", "identifiant", "pec", "champs_requis", "facultatifs_exiges", "annulation"]
        );
        assert_eq!(at_fault(&[("nom", "A"), ("plateau", "12345678")]), ["identifiant"]);
        assert_eq!(at_fault(&[("nom", "A"), ("identifiant", "12345678")]), ["plateau"]);
        assert_eq!(at_fault(&[("nom", "A"), ("plateau", "12345678901"), ("identifiant", "12345678")]), ["plateau"]);
        assert_eq!(at_fault(&[("nom", " - ")]), ["nom"]);
        assert_eq!(at_fault(&[("nom", &"é".repeat(121))]), ["nom"]);
        assert_eq!(at_fault(&[("nom", "A"), ("telephone", &"1".repeat(61)), ("remarque", &"r".repeat(501))]), ["telephone", "remarque"]);
    }

    #[test]
    fn without_plateau_there_is_no_electronic_pec() {
        assert_eq!(at_fault(&[("nom", "A"), ("pec", "OPT_LEN")]), ["plateau"]);
        assert_eq!(row(&[("nom", "A"), ("pec", "NON")]).unwrap().pec, Pec::Non);
        assert_eq!(row(&[("nom", "A"), ("pec", "")]).unwrap().pec, Pec::Non);
    }

    #[test]
    fn a_rejected_row_is_counted_once_and_says_everything() {
        let (fiches, rejetees) =
            read_rows([(2, Ok(fiche("B", "12345678"))), (3, row(&[("plateau", "1")])), (4, Ok(fiche("Autre", "12345678"))), (5, Ok(fiche("A", "")))]);
        assert_eq!(fiches.iter().map(|f| f.nom.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(rejetees.iter().map(|r| (r.ligne, r.champ.as_str())).collect::<Vec<_>>(), [(3, "nom"), (4, "plateau")]);
        assert!(rejetees[0].raison.contains("identifiant"), "{:?}", rejetees[0]);
        assert!(rejetees[1].raison.contains("ligne 2"), "{:?}", rejetees[1]);
    }

    #[test]
    fn a_version_names_the_content_and_not_the_order_of_the_file() {
        let read = |names: [&str; 2]| version_of(&read_rows(names.iter().zip(2..).map(|(n, l)| (l, Ok(fiche(n, ""))))).0);
        assert_eq!(read(["A", "B"]), read(["B", "A"]));
        assert_ne!(read(["A", "B"]), read(["A", "C"]));
        assert_eq!(read(["A", "B"]).len(), 32);
    }

    #[test]
    fn every_convention_with_pec_has_the_variable_forfait_first() {
        let list = compose(&[fiche("Avec", "12345678"), fiche("Sans", "")], &Ajouts::default());
        assert_eq!(list[0].forfaits, [Forfait::variable()]);
        assert_eq!((list[0].origine, list[0].version, list[0].retiree), (OrigineMutuelle::Convention, 1, false));
        assert!(list[1].forfaits.is_empty());
        for mutuelle in &list {
            let one = compose_one(&[fiche("Avec", "12345678"), fiche("Sans", "")], &Ajouts::default(), &mutuelle.id);
            assert_eq!(one.as_ref(), Some(mutuelle));
        }
    }

    #[test]
    fn what_the_shop_changed_survives_a_download() {
        let old = [fiche("A", "11111111"), fiche("B", "22222222"), fiche("C", "33333333")];
        let ajouts = edit_convention(&Ajouts::default(), &old[0], with_telephone(&old[0], Some("02")));
        let ajouts = create(&ajouts, "mut_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), fiche("Propre", ""), Edition::default());
        let mut changed = old[0].clone();
        changed.coordonnees.fax = Some("03".into());
        let new = [changed, old[1].clone(), fiche("D", "44444444")];
        let (after, rapport) = adopt(Some(&old), &new, &ajouts);
        assert_eq!((rapport.ajoutees, rapport.modifiees, rapport.retirees, rapport.inchangees), (1, 1, 1, 1));
        let list = compose(&new, &after);
        assert_eq!(
            list.iter().map(|m| (m.fiche.nom.as_str(), m.retiree)).collect::<Vec<_>>(),
            [("A", false), ("B", false), ("C", true), ("D", false), ("Propre", false)]
        );
        assert_eq!((list[0].fiche.coordonnees.telephone.as_deref(), list[0].fiche.coordonnees.fax.as_deref(), list[0].version), (Some("02"), Some("03"), 2));
    }

    #[test]
    fn an_organism_that_left_comes_back_with_what_the_shop_wrote() {
        let (with, without) = ([fiche("A", "11111111"), fiche("B", "22222222")], [fiche("B", "22222222")]);
        let ajouts = edit_convention(&Ajouts::default(), &with[0], with_telephone(&with[0], None));
        let (left, rapport) = adopt(Some(&with), &without, &ajouts);
        assert_eq!(rapport.retirees, 1);
        // Nothing more happens while it stays away.
        let (left_again, rapport) = adopt(Some(&without), &without, &left);
        assert_eq!((left_again == left, rapport.inchangees, rapport.retirees), (true, 1, 0));
        let (back, rapport) = adopt(Some(&without), &with, &left);
        assert_eq!((rapport.ajoutees, rapport.inchangees), (1, 1));
        assert_eq!(back, ajouts);
        assert_eq!(compose(&with, &back)[0].fiche.coordonnees.telephone, None);
        // Untouched, it leaves no trace.
        let (gone, _) = adopt(Some(&with), &without, &Ajouts::default());
        assert_eq!(adopt(Some(&without), &with, &gone).0, Ajouts::default());
    }

    #[test]
    fn a_first_adoption_only_adds() {
        let (ajouts, rapport) = adopt(None, &[fiche("A", "11111111")], &Ajouts::default());
        assert_eq!((ajouts, rapport), (Ajouts::default(), Rapport { ajoutees: 1, ..Rapport::default() }));
    }

    #[test]
    fn an_own_mutuelle_stays_when_its_key_enters_the_conventions() {
        let id: MutuelleId = "mut_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        let ajouts = create(&Ajouts::default(), id.clone(), fiche("Aaa", "11111111"), Edition::default());
        let new = [fiche("Zzz", "11111111")];
        let (after, rapport) = adopt(Some(&[]), &new, &ajouts);
        assert_eq!((after.clone(), rapport.ajoutees), (ajouts, 1));
        assert_eq!(compose_one(&new, &after, &id).map(|m| m.origine), Some(OrigineMutuelle::Magasin));
        // The file has the key twice: the convention's row comes first and the other is rejected, so nothing changes.
        let (again, rapport) = import(&new, &after, &shop(), exported(&compose(&new, &after)), &[]);
        assert_eq!((again == after, rapport.inchangees, rapport.rejetees.len()), (true, 1, 1));
    }

    #[test]
    fn importing_an_export_changes_nothing() {
        let old = [fiche("A", "11111111"), fiche("B", "22222222"), fiche("C", "33333333"), fiche("D", "")];
        let new = [old[0].clone(), old[2].clone(), old[3].clone()];
        let (ajouts, _) = adopt(Some(&old), &new, &edit_convention(&Ajouts::default(), &old[0], with_telephone(&old[0], None)));
        let (ajouts, rapport) = import(&new, &ajouts, &shop(), [(2, Ok(fiche("Maison", "77777777"))), (3, Ok(fiche("Maison", "")))], &[]);
        assert_eq!(rapport.ajoutees, 2);
        let (again, rapport) = import(&new, &ajouts, &shop(), exported(&compose(&new, &ajouts)), &[]);
        assert_eq!(again, ajouts);
        assert_eq!(rapport, Rapport { inchangees: 5, ..Rapport::default() });
    }

    #[test]
    fn a_row_of_a_convention_changes_only_what_a_shop_may_change() {
        let convention = [fiche("A", "11111111")];
        let mut wanted = fiche("Autre nom", "11111111");
        wanted.pec = Pec::Non;
        wanted.coordonnees.remarque = Some("Rappeler après 14 h".into());
        let (ajouts, rapport) = import(&convention, &Ajouts::default(), &shop(), [(2, Ok(wanted))], &[]);
        assert_eq!((rapport.modifiees, rapport.ajoutees), (1, 0));
        let seen = &compose(&convention, &ajouts)[0];
        assert_eq!((seen.fiche.nom.as_str(), seen.fiche.pec, seen.version), ("A", Pec::OptLen, 2));
        assert_eq!(seen.fiche.coordonnees.remarque.as_deref(), Some("Rappeler après 14 h"));
        // Only the remark is the shop's: the rest follows the convention.
        assert_eq!(ajouts.retouches.values().next().map(|r| r.coordonnees.len()), Some(1));
    }

    #[test]
    fn a_column_the_file_does_not_have_changes_nothing() {
        let convention = [fiche("A", "11111111")];
        let lignes = || [(2, row(&[("nom", "A"), ("plateau", "11111111"), ("identifiant", "11111111")])), (3, row(&[("nom", "Maison"), ("pec", "NON")]))];
        let absentes: Vec<&str> = COLONNES.iter().copied().filter(|c| !COLONNES_OBLIGATOIRES.contains(c)).collect();
        let mut mine = fiche("Maison", "");
        mine.sans_tiers_payant = true;
        let (ajouts, _) = import(&convention, &Ajouts::default(), &shop(), [(2, Ok(mine))], &[]);
        assert_eq!(import(&convention, &ajouts, &shop(), lignes(), &absentes), (ajouts.clone(), Rapport { inchangees: 2, ..Rapport::default() }));
        assert_eq!(import(&convention, &ajouts, &shop(), lignes(), &[]).1.modifiees, 2);
    }

    #[test]
    fn an_imported_mutuelle_keeps_its_id_when_its_key_changes() {
        let (ajouts, _) = import(&[], &Ajouts::default(), &shop(), [(2, Ok(fiche("Maison", "77777777")))], &[]);
        let id = ajouts.propres.keys().next().cloned().unwrap();
        let moved = edit_propre(&ajouts, &id, fiche("Maison", "88888888"), Edition::default());
        assert_eq!(moved.propres.get(&id).map(|p| p.version), Some(2));
        let (both, rapport) = import(&[], &moved, &shop(), [(2, Ok(fiche("Maison", "77777777"))), (3, Ok(fiche("Maison 2", "88888888")))], &[]);
        assert_eq!((both.propres.len(), rapport.ajoutees, rapport.modifiees), (2, 1, 1));
        assert_eq!(both.propres.get(&id).map(|p| p.fiche.nom.as_str()), Some("Maison 2"));
    }

    #[test]
    fn two_shops_give_their_own_mutuelles_different_ids() {
        let other: MagasinId = "mag_01BX5ZZKBKACTAV9WEVGEMMVRZ".parse().unwrap();
        let ids = |magasin: &MagasinId| import(&[], &Ajouts::default(), magasin, [(2, Ok(fiche("Maison", "")))], &[]).0.propres.into_keys().collect::<Vec<_>>();
        assert_eq!(ids(&shop()), ids(&shop()));
        assert_ne!(ids(&shop()), ids(&other));
        assert_ne!(ids(&shop()), [convention_id(&fiche("Maison", "").cle())]);
    }

    #[test]
    fn the_variable_forfait_can_be_neither_removed_nor_changed() {
        let base = fiche("A", "11111111");
        let saisi =
            |id: Option<&str>, libelle: &str| ForfaitSaisi { id: id.map(str::to_owned), libelle: libelle.into(), calcul: Calcul::Fixe(Centimes::of(1)) };
        let edition = Edition {
            coordonnees: base.coordonnees.clone(),
            forfaits: vec![saisi(Some("variable"), "Détourné"), saisi(None, "Un"), saisi(None, "Deux")],
            ..Edition::default()
        };
        let ajouts = edit_convention(&Ajouts::default(), &base, edition);
        let seen = &compose(std::slice::from_ref(&base), &ajouts)[0];
        assert_eq!(
            seen.forfaits.iter().map(|f| (f.id.as_str(), f.libelle.as_str())).collect::<Vec<_>>(),
            [("variable", "Variable"), ("f2-1", "Un"), ("f2-2", "Deux")]
        );
        // A forfait that went gives its id to no other.
        let kept = Edition { coordonnees: base.coordonnees.clone(), forfaits: vec![saisi(Some("f2-2"), "Deux"), saisi(None, "Trois")], ..Edition::default() };
        let seen = &compose(std::slice::from_ref(&base), &edit_convention(&ajouts, &base, kept))[0];
        assert_eq!(seen.forfaits.iter().map(|f| f.id.as_str()).collect::<Vec<_>>(), ["variable", "f2-2", "f3-1"]);
        assert_eq!(seen.version, 3);
    }

    #[test]
    fn a_change_that_changes_nothing_keeps_the_version() {
        let base = fiche("A", "11111111");
        let same = || with_telephone(&base, Some("01 99 00 00 01"));
        assert_eq!(edit_convention(&Ajouts::default(), &base, same()), Ajouts::default());
        let once = edit_convention(&Ajouts::default(), &base, with_telephone(&base, Some("02")));
        assert_eq!(edit_convention(&once, &base, with_telephone(&base, Some("02"))), once);
        // Back to what the convention says: the field follows it again, the version still moves.
        let back = edit_convention(&once, &base, same());
        assert_eq!(back.retouches.values().next().map(|r| (r.version, r.coordonnees.len())), Some((3, 0)));
    }

    #[test]
    fn only_the_shops_own_can_be_deleted() {
        let id: MutuelleId = "mut_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        let ajouts = create(&Ajouts::default(), id.clone(), fiche("Maison", ""), Edition::default());
        assert_eq!(delete(&ajouts, &id), Ok(Ajouts::default()));
        assert_eq!(delete(&ajouts, &convention_id(&fiche("A", "11111111").cle())), Err(DeLaConvention));
    }

    #[test]
    fn a_forfait_has_just_what_its_type_needs() {
        let part = Pourcentage::parse("50", 100).unwrap();
        assert_eq!(parse_calcul(TypeForfait::Variable, Some(Centimes::of(1)), None), Ok(Calcul::Variable));
        assert_eq!(parse_calcul(TypeForfait::Fixe, Some(Centimes::of(1)), None), Ok(Calcul::Fixe(Centimes::of(1))));
        assert_eq!(parse_calcul(TypeForfait::Pourcentage, None, Some((part, Some(Assiette::Reste)))), Ok(Calcul::Pourcentage(part, Assiette::Reste)));
        assert_eq!(parse_calcul(TypeForfait::Fixe, None, None).map_err(|f| f.0), Err("montant_centimes"));
        assert_eq!(parse_calcul(TypeForfait::Pourcentage, None, Some((part, None))).map_err(|f| f.0), Err("assiette"));
        assert_eq!(parse_calcul(TypeForfait::Pourcentage, None, None).map_err(|f| f.0), Err("pourcentage"));
    }
}
