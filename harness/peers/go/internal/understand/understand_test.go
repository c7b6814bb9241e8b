package understand

import (
	"slices"
	"testing"
)

var dictionary = func() *Dictionary {
	d, err := Load("../../../../../fixtures/lexicon")
	if err != nil {
		panic(err)
	}
	return d
}()

var documents = New(dictionary, Vocabulary{
	Roles:  []string{"Forklift Operator", "Picker", "Packer"},
	Places: []Place{{"Detroit", "MI", 3}, {"Saint Louis", "MO", 2}, {"Portland", "OR", 2}, {"Portland", "ME", 4}},
})

func TestRolesAndPlaces(t *testing.T) {
	for _, test := range []struct {
		text, role string
		places     []string
	}{
		{"forklft operater in detriot", "Forklift Operator", []string{"Detroit MI"}},
		{"hilo drivers St. Louis MO", "Forklift Operator", []string{"Saint Louis MO"}},
		{"order selectors in Portland", "Picker", []string{"Portland ME", "Portland OR"}},
		{"picker Portland OR", "Picker", []string{"Portland OR"}},
		{"empacadores en el Motor City", "Packer", []string{"Detroit MI"}},
	} {
		got := documents.Understand(test.text)
		var places []string
		for _, f := range got.Places {
			places = append(places, *f.City+" "+*f.State)
		}
		if len(got.Roles) == 0 || got.Roles[0].Name != test.role || !slices.Equal(places, test.places) {
			t.Errorf("%q: %+v, %v", test.text, got.Roles, places)
		}
	}
}

func TestNobody(t *testing.T) {
	for text, want := range map[string]string{
		"brick layer Detroit": "role",
		"picker in Boise":     "place",
		"?":                   "text",
	} {
		got := documents.Understand(text).Nobody
		if len(got) != 1 || got[0].What != want {
			t.Errorf("%q: %+v, want %s", text, got, want)
		}
	}
	if got := documents.Understand("picker in Detroit, not Portland").Nobody; got != nil {
		t.Errorf("got %+v", got)
	}
}
