#!/usr/bin/python3
"""infoplane init writes files that run, are what their preset is, and never replace a file."""
import json, os, re, tempfile

from program import fail, finish, refused, run




def check_same(preset, path):
    d = json.loads(run("diff", preset, path, "--json"))
    others = [k["key"] for k in d["keys"] if k["key"] not in ("name", "description", "tags")]
    if others:
        fail(f"{path}: differs from {preset} in {others}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for preset in ("szt2017", "szt2017-data", "lorenzen2022", "lenet-fashion", "vib-mnist"):
        for option in ("from", "extends"):
            run("init", f"{preset}-{option}", f"--{option}", preset, "--all")
            check_same(preset, f"{preset}-{option}.yaml")
    if run("init", "mine") != "mine.yaml\n":
        fail("init does not print the path")
    check_same("quickstart", "mine.yaml")
    if len(json.loads(run("run", "mine.yaml", "--dry-run", "--json"))["runs"]) != 6:
        fail("the runs of mine.yaml")

    # Comments are the descriptions of the keys, and lines to uncomment are values.
    keys = json.loads(run("run", "--help-keys", "--json"))
    everything = open("szt2017-extends.yaml").read()
    words = re.sub(r"\s+", " ", re.sub(r"^ *# ", "", everything, flags=re.M))
    for key in keys:
        if key["key"] != "extends" and re.sub(r"\s+", " ", key["help"]) not in words:
            fail(f"szt2017-extends.yaml does not describe {key['key']}")
    with open("uncommented.yaml", "w") as out:
        out.write(re.sub(r"^( *)#(?! )", r"\1", open("mine.yaml").read(), flags=re.M))
    if len(json.loads(run("run", "uncommented.yaml", "--dry-run", "--json", "--set", "repeats=1"))["runs"]) != 2:
        fail("the uncommented sweep of mine.yaml")

    # What is written, and what else a copy or an heir has for itself.
    with open("little.yaml", "w") as out:
        out.write("network: {hidden: [3]}\n")
    for option, want in (("from", ["description", "tags", "repeats", "network"]), ("extends", ["extends", "description", "network"])):
        run("init", f"little-{option}", f"--{option}", "little.yaml")
        text = open(f"little-{option}.yaml").read()
        if re.findall("^([a-z]+):", text, re.M) != want or ("\n  #hidden: [3]" in text) != (option == "extends"):
            fail(f"little-{option}.yaml: {text}")

    if "mine.yaml: exists" not in refused("init", "mine").stderr:
        fail("a file is replaced")
    for words, message in ((["szt", "--from", "szt207"], "did you mean 'szt2017'"), (["a b"], "expected a name"),
                           ([], "expected one"), (["x", "--from", "szt2017", "--extends", "szt2017"], "alternatives"),
                           (["no/such/x"], "No such file")):
        error = refused("init", *words, status=1 if words == ["no/such/x"] else 2).stderr
        if message not in error:
            fail(f"init {words}: {error}")
    os.mkdir("sub")
    if "absolute path" not in refused("init", "sub/x", "--extends", "mine.yaml").stderr:
        fail("a relative path to inherit from")
    run("init", "sub/x", "--extends", folder + "/mine.yaml")
    left = [f for f in os.listdir(".") if f.startswith(("szt.", "x.", "a b"))] + [f for f in os.listdir("sub") if f != "x.yaml"]
    if left:
        fail(f"left behind: {left}")
    if "did you mean 'mine.yaml'" not in refused("run", "mine").stderr:
        fail("no hint at the extension")
finish()
