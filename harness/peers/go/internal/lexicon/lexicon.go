// Package lexicon reads the words of the trade, of places and of sentences.
package lexicon

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/BurntSushi/toml"
)

type list struct{ Words, Terms, Join []string }

// Lexicon is what the files have.
type Lexicon struct {
	Role []struct {
		Name                  string
		Terms, Hints, Related []string
	}
	State []struct {
		Code, Name string
		Terms      []string
	}
	Words struct{ Codes, Strict []string }
	City  struct {
		Large, Small, Words []string
		Nicknames           []struct{ Terms, Places []string }
	}
	Certificate []struct {
		Name  string
		Terms []string
	}
	Shift []struct {
		Value string
		Terms []string
	}
	Unavailable, Not, Filler, Common list
	AnyAvailability                  list `toml:"any_availability"`
	Abbreviations                    map[string]string
	Optional                         struct{ After, Before []string }
	Place                            struct{ Before []string }
	Bound                            struct {
		Most, Below, Least, Above []string
		AfterMost                 []string `toml:"after_most"`
		AfterLeast                []string `toml:"after_least"`
	}
	Numbers map[string]int
	Units   struct {
		Year, Dollar, Hour, Per, Other, Month, Day []string
		DayPart                                    []string `toml:"day_part"`
	}
	Client struct{ Before, After, Never, End, Verbs []string }
	Name   struct{ Before, Particles, Titles, Suffixes, First []string }
}

// Load reads the lexicon of a folder. Each table is in one file.
func Load(folder string) (*Lexicon, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.toml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no lexicon in %s", folder)
	}
	slices.Sort(files)
	var l Lexicon
	for _, file := range files {
		if _, err := toml.DecodeFile(file, &l); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return &l, nil
}
