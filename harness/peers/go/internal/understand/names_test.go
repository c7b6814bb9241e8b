package understand

import "testing"

func TestSameNames(t *testing.T) {
	for _, pair := range [][2]string{
		{"José Núñez", "NUÑEZ, JOSE"},
		{"Sean O’Brien", "sean obrien"},
		{"Sean O Brien", "Sean O'Brien"},
		{"Mary-Kate de la Cruz", "DelaCruz, Marykate"},
		{"Smith Jr., John", "Mr. John Smith III"},
	} {
		if a, b := dictionary.NameOf(pair[0]).Joined(), dictionary.NameOf(pair[1]).Joined(); a != b {
			t.Errorf("%q is %q, %q is %q", pair[0], a, pair[1], b)
		}
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		asked, known string
		fits         bool
	}{
		{"Jose Nunez", "José Luis Núñez Ortega", true},
		{"Jose L. Nunez", "José Luis Núñez", true},
		{"Jose Luis Nunez", "José Núñez", true},
		{"Jose Raul Nunez", "José Luis Núñez", false},
		{"Luis Nunez", "José Luis Núñez", false},
		{"Maria a", "Maria Alvarez", false},
		{"Jordan in Baker", "Jordan Baker", false},
	} {
		if got := documents.Fits(dictionary.NameOf(c.asked), dictionary.NameOf(c.known)); got != c.fits {
			t.Errorf("%q fits %q: %v", c.asked, c.known, got)
		}
	}
}
