package roles

import (
	"maps"
	"slices"
	"testing"

	"lakehouse.invalid/peer/internal/embed"
)

func TestKey(t *testing.T) {
	for role, want := range map[string]string{
		"Pickers":            "picker",
		"Forklift OPERATORS": "forklift operator",
		"secretaries":        "secretary",
		"ties":               "tie",
		"boss":               "boss",
		"gas":                "gas",
		"bus drivers":        "bus driver",
		"-- ":                "",
		"Köche":              "köche",
		"éés":                "éés",
	} {
		if got := Key(role); got != want {
			t.Errorf("%q: %q", role, got)
		}
	}
	if got := CityKey("Grand  Rapids"); got != "grand rapids" {
		t.Errorf("%q", got)
	}
}

func TestExtract(t *testing.T) {
	known := &Known{}
	for _, role := range []string{"Picker", "Order Picker", "Forklift Operator", "Welder", "RN", "!"} {
		known.AddRole(role)
	}
	for _, city := range []string{"Detroit", "Grand Rapids", ""} {
		known.AddCity(city)
	}
	for _, c := range []struct {
		named, query, role string
		source             Source
	}{
		{"Welders", "need 3 pickers", "welder", Request},
		{"?!", "need 3 pickers", "picker", Text},
		{"", "Need 3 pickers in Detroit", "picker", Text},
		{"", "client needs two 10x order pickers asap", "order picker", Text},
		{"", "we are looking for a night forklift operator near Toledo", "forklift operator", Text},
		{"", "looking at: need 2 welders", "welder", Text},
		{"", "need crane operators for monday", "crane operator", Text},
		{"", "need 3x in Detroit, pickers", "picker", Text},
		{"", "need someone who can really weld very long pipes, a welder", "welder", Text},
		{"", "need welder picker", "welder", Text},
		{"", "needs in Detroit", "needs in", Text},
		{"", "order pickers, Detroit", "order picker", Text},
		{"", "pickers Detroit, pickers", "picker", Text},
		{"", "welders and order pickers", "", None},
		{"", "picker or order picker", "", None},
		{"", "Riggers Grand Rapids", "rigger", Text},
		{"", "Grand Rapids riggers", "", None},
		{"", "riggers Toledo", "", None},
		{"", "rns x 2", "", None},
		{"", "", "", None},
	} {
		role, source := known.Extract(c.named, embed.Words(c.query))
		if role != c.role || source != c.source {
			t.Errorf("%q %q: %q %s", c.named, c.query, role, source)
		}
	}
	got := slices.Sorted(maps.Keys(known.Cities(embed.Words("from Detroit to grand rapids, or Rapids"))))
	if want := []string{"detroit", "grand rapids"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
