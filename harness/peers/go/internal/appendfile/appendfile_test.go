package appendfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "log.jsonl")
	for _, line := range []string{"one", "two"} {
		if err := Line(path, []byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "one\ntwo\n" {
		t.Errorf("%q, %v", got, err)
	}
	if err := Line(filepath.Join(path, "x"), nil); err == nil {
		t.Error("a file was accepted as a folder")
	}
}

func TestLineAfterARest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.jsonl")
	for _, rest := range []string{"{\"a\":1}", "{}\n{\"a", "{\"a\":\"\xe2\x82"} {
		if err := os.WriteFile(path, []byte(rest), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := Line(path, []byte("[1]")); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != rest+"\n[1]\n" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

const limitedPath = "PEER_TEST_LIMITED_FILE"

// TestLimitedChild runs in a process with a limit of 1024 bytes on file sizes,
// started by the next test.
func TestLimitedChild(t *testing.T) {
	path := os.Getenv(limitedPath)
	if path == "" {
		t.Skip("started by TestCutShort")
	}
	for _, before := range []string{"", strings.Repeat("{}\n", 200), strings.Repeat("x", 600), strings.Repeat("x", 1024)} {
		if err := os.WriteFile(path, []byte(before), 0o644); err != nil {
			t.Fatal(err)
		}
		if Line(path, []byte(strings.Repeat("x", 2000))) == nil {
			t.Error("no error")
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != before {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
}

func TestCutShort(t *testing.T) {
	script := "trap '' XFSZ; ulimit -f 2; exec \"$0\" -test.run '^TestLimitedChild$'"
	child := exec.Command("sh", "-c", script, os.Args[0])
	child.Env = append(os.Environ(), limitedPath+"="+filepath.Join(t.TempDir(), "log.jsonl"))
	if output, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
}
