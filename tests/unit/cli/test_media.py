"""`havenwall media` and `havenwall live`, as a person types them."""

import json

import pytest
from PIL import Image
from tests.unit.detect.media.video.films import film
from tests.unit.match.image.conftest import scene
from typer.testing import CliRunner

from havenwall.cli import cli
from havenwall.match.image import pdq


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HAVENWALL_CONFIG", raising=False)
    (tmp_path / "hotline.txt").write_text(f"pdq:{pdq(scene(300, 400, 1)).hex}\n")
    monkeypatch.setenv("HAVENWALL_HASH_LISTS", "hotline.txt")
    Image.fromarray(scene(300, 400, 1)).save("kite.png")
    return tmp_path


def run(*words, code=0):
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == code, done.output
    return done


def test_pictures_are_hashed_and_matched(folder):
    (hashed,) = json.loads(run("media", "hash", "kite.png", "--json").stdout)
    assert hashed["answer"]["media"]["frames"][0]["pdq"] == pdq(scene(300, 400, 1)).hex
    (folder / "junk.png").write_bytes(b"junk")
    kite, junk = json.loads(run("media", "match", "kite.png", "junk.png", "--json").stdout)
    assert kite["answer"]["matches"][0]["bank"] == "hotline"
    assert (junk["answer"]["matches"], junk["answer"]["media"]["outcome"]) == ([], "unreadable")
    assert "is no file" in run("media", "match", "absent.png", code=2).output


@pytest.mark.slow
def test_a_stream_on_disk_is_watched(folder, monkeypatch):
    scenes = [(number, 1.5) for number in range(2, 7)]
    film(folder / "clip.mp4", scenes)
    run("media", "hash", "clip.mp4", "--clips-to", "clips.jsonl")
    monkeypatch.setenv("HAVENWALL_CLIP_LISTS", "clips.jsonl")
    data = film(folder / "all.ts", [(30, 2), *scenes], fmt="mpegts").read_bytes()
    half = len(data) // 188 // 2 * 188
    (folder / "1.ts").write_bytes(data[:half])
    (folder / "2.ts").write_bytes(data[half:])
    (folder / "p.m3u8").write_text("#EXTM3U\n#EXTINF:5,\n1.ts\n#EXTINF:5,\n2.ts\n#EXT-X-ENDLIST\n")
    words = ("live", "watch", "p.m3u8", "--stream", "live:s", "--account", "account:a", "--audience", "50")
    answer = json.loads(run(*words, "--json").stdout)
    assert answer["last"]["outcome"] == "hashed"
    assert answer["last"]["stand"]["risk"] > 0.9
    assert answer["told"][0]["stand"]["clips"][0]["clip"] == "clip"
    (folder / "p.m3u8").write_text("#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1/1.ts\n")
    assert "names" in run(*words, code=2).output
