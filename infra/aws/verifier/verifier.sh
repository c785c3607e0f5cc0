#!/usr/bin/env bash
# Checks the templates of the cloud, offline and without an account: cfn-lint on what is written and on what SAM makes of it, `sam validate --lint`,
# checkov against the list of what is not done and why, our own rules against the code, and the proof that each of those rules sees what it is for.
# The tools are installed once, from PyPI, into folders of their own: they want different versions of the same packages. `verifier.sh installer` does
# that alone: the emulator of Lambda comes with sam, and the tests want it; what validates the list of contents (`sbom.py`) has its folder too.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export AWS_DEFAULT_REGION=eu-west-3 AWS_EC2_METADATA_DISABLED=true SAM_CLI_TELEMETRY=0 PYTHONDONTWRITEBYTECODE=1
outils=$HOME/.local/share/optopec-tools

installer() { # folder, packages
  local dossier=$outils/$1; shift
  [ "$(cat "$dossier/pret" 2>/dev/null)" = "$*" ] && return
  echo "verifier : installation de $*"
  python3 -m venv --clear "$dossier"
  "$dossier/bin/pip" install --quiet --disable-pip-version-check "$@"
  echo "$*" >"$dossier/pret"
}
installer aws-sam cfn-lint==1.58.0 aws-sam-cli==1.170.0 aws-sam-translator==1.115.0 &
sam_installe=$!
installer aws-checkov checkov==3.3.30
installer aws-sbom "cyclonedx-python-lib[json-validation]==11.12.0"
wait $sam_installe
[ "${1:-}" = installer ] && exit 0
sam=$outils/aws-sam/bin

travail=$(mktemp -d)
trap 'rm -rf "$travail"' EXIT
cp infra/aws/*.yaml "$travail"
"$sam/python" -c "import json, sys; sys.path.insert(0, 'infra/aws/verifier'); import modele; json.dump(modele.etendre(modele.lire('template.yaml')), open(sys.argv[1], 'w'), indent=1)" "$travail/template.json"

lint() {
  "$sam/cfn-lint" --regions us-east-1 -- infra/aws/bordure.yaml
  "$sam/cfn-lint" --regions eu-west-3 -- template.yaml infra/aws/{donnees,droits,identite,diffusion,surveillance}.yaml "$travail/template.json"
  echo "cfn-lint : sept gabarits et l'expansion du premier, rien à dire"
  "$sam/sam" validate --lint --template template.yaml --region eu-west-3
}
inspecter() {
  "$outils/aws-checkov/bin/checkov" --framework cloudformation --skip-download --quiet --compact -o json -d "$travail" >"$travail/rapport" 2>"$travail/erreurs" || true
  "$sam/python" infra/aws/verifier/ecarts.py "$travail/rapport" || { tail -3 "$travail/erreurs"; return 1; }
}
regles() {
  "$sam/python" infra/aws/verifier/regles.py && "$sam/python" infra/aws/verifier/epreuves.py
}

echec=0
lint >"$travail/lint.txt" 2>&1 & un=$!
inspecter >"$travail/checkov.txt" 2>&1 & deux=$!
regles || echec=1
# Both are told, whatever the other said.
wait $un || echec=1
wait $deux || echec=1
cat "$travail/lint.txt" "$travail/checkov.txt"
echo "verifier : ${SECONDS} s"
exit $echec
