package roster

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

const good = `{"worker_id":"w-1","name":"Ana Ruiz","city":"Toledo","state":"OH","phone":"(419) 555-0100","email":"Ana@Example.com","roles":["Picker"],"active":true,"extra":1}`

func TestParse(t *testing.T) {
	for _, c := range []struct{ content, want string }{
		{good, ""},
		{"", ""},
		{"\n \t\r\n\u00a0\n" + good + "\r\n", ""},
		{strings.Replace(good, `"active":true`, `"active":true,"excluded_clients":null,"bookings":[{"date":"2026-05-04","start":"06:00","end":"14:00","x":1}]`, 1), ""},
		{"\n" + good + "\n\n" + good, "roster line 4: worker `w-1` is listed twice"},
		{good + "\n{", "roster line 2: not valid JSON"},
		{"\ufeff" + good, "roster line 1: not valid JSON"},
		{"\xff", "roster line 1: not valid JSON"},
		{"[]", "roster line 1: not a JSON object"},
		{strings.Replace(good, `"name"`, `"Name"`, 1), "roster line 1: missing field `name`"},
		{strings.Replace(good, `"w-1"`, `""`, 1), "roster line 1: field `worker_id` must be a string that is not empty"},
		{strings.Replace(good, `"Toledo"`, `null`, 1), "roster line 1: field `city` must be a string"},
		{strings.Replace(good, `"Picker"`, `1`, 1), "roster line 1: field `roles` must be an array of strings"},
		{strings.Replace(good, `true`, `1`, 1), "roster line 1: field `active` must be a boolean"},
		{strings.Replace(good, `"extra"`, `"excluded_clients"`, 1), "roster line 1: field `excluded_clients` must be an array of strings"},
		{strings.Replace(good, `"extra":1`, `"bookings":[{"date":"2026-02-29","start":"06:00","end":"14:00"}]`, 1), "roster line 1: field `bookings` must be an array of bookings"},
	} {
		_, err := Parse([]byte(c.content))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%.60q: %q, want %q", c.content, got, c.want)
		}
	}
}

func TestLoad(t *testing.T) {
	if r, err := Load(""); err != nil || r.Len() != 0 {
		t.Errorf("without a path: %v, %v", r, err)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none")); !errors.Is(err, ErrRead) {
		t.Errorf("without a file: %v", err)
	}
}

func TestIndexes(t *testing.T) {
	r, err := Parse([]byte(good + "\n" + strings.NewReplacer("w-1", "W-1", "Ana Ruiz", "ANA  Ruíz").Replace(good)))
	if err != nil {
		t.Fatal(err)
	}
	if r.Len() != 2 || r.Worker("w-1") == nil || r.Worker("w-2") != nil {
		t.Error("workers by id")
	}
	for what, found := range map[string][]*Worker{
		"email": r.WithMailbox("ana@example.com"),
		"phone": r.WithNumber("4195550100"),
		"id":    r.WithFoldedID("w-1"),
		"name":  r.WithName("ruiz,ana"),
	} {
		if len(found) != 2 || found[0].ID != "w-1" {
			t.Errorf("%s: %d found", what, len(found))
		}
	}
}
