"""The peer of the bench `impression`: the same data as the templates of `modeles/` read, set by WeasyPrint in the same face.

    pair_weasyprint.py FILE 0    writes one PDF to standard output
    pair_weasyprint.py FILE N    makes one, then N more, and prints the nanoseconds that each took

What stays the same from one document to the next (style sheet, fonts) is read once, as a service would. What it makes is what the product
makes: tagged, PDF/A-2a, French, one table and places to sign that are not cut; no more care was taken for its looks.
"""

import json
import sys
import time
from html import escape
from pathlib import Path

import weasyprint
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration

SHEET = """
@font-face { font-family: Noto; src: url(FOLDER/regular.ttf) }
@font-face { font-family: Noto; font-weight: bold; src: url(FOLDER/bold.ttf) }
@page { size: A4; margin: 13mm 16mm 17mm; @bottom-left { content: string(pied); font: 7.5pt Noto; border-top: .5pt solid #8a94a3; width: 80% }
        @bottom-right { content: "page " counter(page) " / " counter(pages); font: 7.5pt Noto; border-top: .5pt solid #8a94a3 } }
body { font: 9pt Noto; overflow-wrap: break-word; margin: 0; line-height: 1.25 } p, h1, h2, ul { margin: 2mm 0 }
h1 { font-size: 14pt; color: #1f3a5f } h2 { font-size: 10pt; color: #1f3a5f; break-after: avoid }
.pied { string-set: pied content(); font-size: 0; height: 0 }
.deux { display: flex; gap: 8mm } .deux > * { flex: 1 }
.cadre { border: .5pt solid #8a94a3; border-radius: 1.5mm; padding: 3mm }
table { width: 100%; border-collapse: collapse; font-size: 8pt } thead { display: table-header-group }
td, th { border-bottom: .5pt solid #8a94a3; padding: 1.6mm; text-align: right } td:first-child, th:first-child { text-align: left }
.faits td { border: 0; padding: .6mm; text-align: left } .signer { break-inside: avoid } .signer .cadre { height: 20mm }
"""


def facts(pairs):
    rows = "".join(f"<tr><td>{escape(name)}</td><td><b>{escape(value)}</b></td></tr>" for name, value in pairs)
    return f'<table class="faits">{rows}</table>'


def box(content):
    return f'<div class="cadre">{content}</div>'


def two(left, right):
    return f'<div class="deux"><div>{left}</div><div>{right}</div></div>'


def table(head, rows, foot):
    line = lambda cells, tag: "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"
    return f"<table><thead>{line(head, 'th')}</thead><tbody>{''.join(line(r, 'td') for r in rows)}{line(foot, 'th')}</tbody></table>"


def sign(text, *places):
    return f'<div class="signer"><p>{text}</p><div class="deux">{"".join(box(p) for p in places)}</div></div>'


def shop(s):
    lines = [f"<b>{escape(s['nom'])}</b>", *map(escape, s["adresse"]), f"N° FINESS : {escape(s['finess'])}"]
    lines += [f"Opticien : {escape(s['opticien'])}"] if s["opticien"] else []
    lines += [f"Tél. : {escape(s['telephone'])}"] if s["telephone"] else []
    lines += [escape(s["email"])] if s["email"] else []
    return "<br>".join(lines)


def cells(line, *names):
    return [escape(line[name]) for name in names]


def consentement(d):
    def fields(all_of_them):
        return "<ul>" + "".join(f"<li>{escape(f['libelle'])}{' (demandée par cette mutuelle)' if f['exige'] else ''}</li>" for f in all_of_them) + "</ul>"

    nom, mutuelle = escape(d["magasin"]["nom"]), escape(d["mutuelle"])
    return "Consentement à la transmission de données à votre mutuelle", f"Consentement — référence {d['reference']} — imprimé le {d['imprime_le']}", facts(d["personnes"]), f"""
<h2>Qui transmet, à qui et pourquoi</h2><p><b>{nom}</b>, votre opticien et responsable du traitement, transmet les données ci-dessous à <b>{mutuelle}</b>,
votre mutuelle, destinataire, par la plateforme de tiers payant qu’elle a désignée et par le logiciel optopec, qui agissent pour leur compte. Le but est
de demander une cotation ou une prise en charge de votre équipement — {escape(d['equipement'])} — et de pratiquer le tiers payant, c’est-à-dire de ne pas
vous faire avancer la part de la mutuelle. Le magasin ne les transmet pour aucun autre usage.</p>
<h2>Données toujours transmises</h2><p>Elles sont obligatoires : sans elles, la demande ne peut pas être faite.</p>{facts(d['toujours'])}
<h2>Données facultatives</h2>{two('<b>Transmises par ce magasin</b>' + fields(d['facultatives']), '<b>Jamais transmises par ce magasin</b>' + fields(d['retenues']))}
<p>Vous pouvez vous opposer à l’envoi des données facultatives ; la mutuelle peut alors refuser la demande ou vous demander ces données. Ni la copie de
votre ordonnance, ni votre correction (sphère, cylindre, axe, addition), ni les lignes que l’opticien a masquées ne sont transmises.</p>
<h2>Si vous n’acceptez pas</h2><p>Vous n’y êtes pas obligé(e) et votre achat reste possible : vous réglez l’équipement, puis demandez vous-même le
remboursement à votre mutuelle.</p>
<h2>Durée et droits</h2><p>Le magasin garde ces données jusqu’à la fin de l’année en cours et {d['dossier_annees']} de plus, et la preuve de ce
consentement {d['preuve_annees']} au-delà. Vous pouvez à tout moment retirer ce consentement, pour l’avenir, et demander l’accès à vos données,
leur rectification, leur effacement ou la limitation de leur usage, ou vous y opposer. Contact : {escape(d['contact'])}. Vous pouvez adresser une
réclamation à la CNIL (www.cnil.fr).</p>
{sign(f'J’ai lu ce document et j’autorise <b>{nom}</b> à transmettre à <b>{mutuelle}</b> les données ci-dessus pour <b>{escape(d["beneficiaire"])}</b>. Je peux retirer ce consentement à tout moment.', 'Date', 'Signature du client ou de son représentant')}
<p>Référence : {d['reference']}<br>Empreinte du contenu (SHA-256) : {d['empreinte']}</p>"""


def reponse(d):
    head = ["Désignation", "Qté", "Total", "Part RO", "Part RC", "Reste à charge"]
    rows = [[f"{escape(l['designation'])}<br>{escape(l['categorie'])} · code {l['code']}", *cells(l, "quantite", "valeur", "ro", "rc", "reste")] for l in d["lignes"]]
    foot = ["Ensemble des lignes transmises", "", d["total"], d["total_ro"], d["total_rc"], d["total_reste"]]
    after = ["RO : sécurité sociale. RC : mutuelle. Les lignes qui n’ont pas été transmises à la mutuelle ne figurent pas ici."]
    after += [f"Montant global annoncé par la mutuelle : <b>{d['montant_global']}</b>."] if d["montant_global"] else []
    after += [f"Non réparti sur les lignes : <b>{d['non_reparti']}</b>."] if d["non_reparti"] else []
    for name, title in [("message_plateforme", "Message de la plateforme"), ("message_mutuelle", "Message de la mutuelle"), ("que_faire", "Que faire ?")]:
        after += [f"<h2>{title}</h2>{escape(d[name])}"] if d[name] else []
    return d["titre"], f"{d['titre']} — imprimée le {d['imprime_le']}", f"Organisme complémentaire<br><b>{escape(d['mutuelle'])}</b>", f"""
{box(f"<b>{d['etat']}</b><br>{d['phrase']}")}{two('<h2>Réponse</h2>' + facts(d['reponse']), '<h2>Personnes</h2>' + facts(d['personnes']))}
<h2>{escape(d['equipement'])}</h2>{table(head, rows, foot)}{''.join(f'<p>{a}</p>' for a in after)}
{sign(d['signe'], 'Date et signature de l’assuré(e)', 'Date, cachet et signature de l’opticien')}"""


def fax(d):
    head = ["Désignation", "Code", "Qté", "Prix", "Total", "Part RO"]
    rows = [[f"{escape(l['categorie'])} : {escape(l['designation'])}<br>{escape(l['details'])}", *cells(l, "code", "quantite", "prix", "valeur", "ro")] for l in d["lignes"]]
    foot = ["Total", "", "", "", d["total"], d["total_ro"]]
    return "Demande de prise en charge par télécopie", f"Demande de prise en charge — {d['magasin']['nom']}, FINESS {d['magasin']['finess']} — {d['imprime_le']}", facts(d["destinataire"]), f"""
{box('<b>NON SIGNÉ</b> — ne pas envoyer avant que le client ait signé le consentement qui couvre cette demande.')}
{two('<h2>Assuré(e)</h2>' + facts(d['assure']), '<h2>Bénéficiaire</h2>' + facts(d['beneficiaire']))}
{two('<h2>Ordonnance</h2>' + facts(d['prescription']), '<h2>Équipement</h2>' + facts(d['equipement']))}
<h2>Lignes</h2>{table(head, rows, foot)}
{sign('Réponse de la mutuelle — à retourner à l’opticien.', 'Accord : oui / non<br>N° de PEC :<br>Montant accordé :<br>Valable jusqu’au :', 'Date, cachet et signature de la mutuelle')}"""


def devis(d):
    def offer(o):
        head = [escape(o["nom"]), "Code", "Qté", "Prix TTC", "Remise", "Total TTC", "Part RO", "Part RC", "Reste"]
        names = ["code", "quantite", "prix", "remise", "valeur", "ro", "rc", "reste"]
        rows = [[f"<b>{escape(l['categorie'])}</b> {escape(l['designation'])}<br>{escape(l['details'])}", *cells(l, *names)] for l in o["lignes"]]
        return table(head, rows, ["Total de l’offre", "", "", "", "", o["total"], o["ro"], o["rc"], o["reste"]])

    none = box("<b>Aucune offre « 100 % Santé » n’a été proposée avec ce devis.</b>")
    return "Devis d’équipement d’optique médicale", f"Devis {d['reference']} — {d['magasin']['nom']}", facts(d["dates"]), f"""
<h2>1. Client</h2>{facts(d['identite'])}<h2>2. Offre « 100 % Santé » (classe A)</h2>{offer(d['offre_sante']) if d['offre_sante'] else none}
<h2>3. Offre choisie</h2>{offer(d['choisi'])}
<p>Code : code de regroupement de la liste des produits et prestations (« — » : aucun n’est saisi). RO : part de l’assurance maladie obligatoire. RC :
part de l’organisme complémentaire ; « non connu » veut dire que le montant n’est pas connu du magasin à ce jour, et non qu’il est nul. Reste : ce qui
reste à la charge du client.</p>{sign('Devis reçu avant l’achat.', 'Date et signature du client', 'Date, cachet et signature de l’opticien')}"""


def main(file, times):
    assert harfbuzz_subset, "without libharfbuzz-subset it cuts its fonts in Python, and the comparison is not fair"
    content = json.loads(Path(file).read_text())
    fonts = FontConfiguration()
    sheet = weasyprint.CSS(string=SHEET.replace("FOLDER", Path(file).absolute().parent.as_uri()), font_config=fonts)
    template = {"consentement": consentement, "reponse": reponse, "fax": fax, "devis": devis}[content["modele"]]

    def make():
        d = content["donnees"]
        title, foot, right, body = template(d)
        page = f"""<html lang="fr-FR"><head><meta charset="utf-8"><title>{escape(title)}</title><meta name="author" content="{escape(d['magasin']['nom'])}"></head>
<body><div class="pied">{escape(foot)}</div>{two(shop(d['magasin']), box(right))}<h1>{escape(title)}</h1>{body}</body></html>"""
        return weasyprint.HTML(string=page).write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/a-2a", pdf_tags=True)

    first = make()
    if times == 0:
        sys.stdout.buffer.write(first)
    for _ in range(times):
        started = time.perf_counter_ns()
        make()
        print(time.perf_counter_ns() - started)


main(sys.argv[1], int(sys.argv[2]))
