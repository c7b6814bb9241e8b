package appendfile

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "log.jsonl")
	for _, line := range []string{"one\n", "two\n"} {
		if err := Write(path, []byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "one\ntwo\n" {
		t.Errorf("%q, %v", got, err)
	}
	if err := Write(filepath.Join(path, "x"), nil); err == nil {
		t.Error("a file was accepted as a folder")
	}
}
