package journal

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func open(t *testing.T, path string) (*Journal, []string) {
	t.Helper()
	var records []string
	j, err := Open(path, func(r string) error {
		records = append(records, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j, records
}

func TestTornTailIsCutOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "journal")
	j, records := open(t, path)
	if len(records) != 0 {
		t.Errorf("a new journal has %q", records)
	}
	for _, r := range []string{"a\nb", "<é>"} {
		if err := j.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(whole, `"torn`...), 0o644); err != nil {
		t.Fatal(err)
	}
	j, records = open(t, path)
	if want := []string{"a\nb", "<é>"}; !slices.Equal(records, want) {
		t.Errorf("%q", records)
	}
	if err := j.Append("c"); err != nil {
		t.Fatal(err)
	}
	if _, records = open(t, path); !slices.Equal(records, []string{"a\nb", "<é>", "c"}) {
		t.Errorf("%q", records)
	}
}

func TestDamageIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(path, []byte("\"a\"\n{\n\"b\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, func(string) error { return nil }); err == nil {
		t.Error("a damaged record was skipped")
	}
}

func TestAppendFails(t *testing.T) {
	j, _ := open(t, filepath.Join(t.TempDir(), "journal"))
	j.Close()
	if err := j.Append("a"); err == nil {
		t.Error("a closed journal took a record")
	}
	if j.broken == nil {
		t.Error("the journal accepts records after a failed removal")
	}
}
