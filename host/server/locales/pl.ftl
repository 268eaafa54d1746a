# Co ludzie czytają w konsoli. O klucz pyta strona; słowa interfejsu stoją pod swoim rodzajem: `status-active`.

## Rama
shell-skip = Przejdź do treści
shell-menu = Menu
shell-host = Ten serwer
shell-sign-out = Wyloguj
shell-opened = Konto { $customer } jest otwarte przez: { $who }. Jego użytkownicy widzą to i wszystko, co tu robisz.
shell-leave = Opuść konto
shell-to-start = Przejdź na początek
crumbs = Tu jesteś
theme-system = Jak w systemie
theme-light = Jasny
theme-dark = Ciemny
once-title = Pokazane raz

## Wejście
door-which-title = Zaloguj się
door-which-about = Wpisz nazwę organizacji, którą otrzymasz od swojego partnera.
door-tenant = Organizacja
door-go-on = Dalej
door-operator-link = Obsługuję ten serwer
door-title = Zaloguj się do { $tenant }
door-title-operator = Zaloguj się jako operator
door-email = Adres e-mail
door-password = Hasło
door-sign-in = Zaloguj
door-forgot-link = Nie pamiętam hasła
door-elsewhere-link = Inna organizacja
door-choose-title = Co chcesz otworzyć?
door-choose-about = Twój adres otwiera więcej niż jedno konto.
door-forgot-title = Ustaw nowe hasło
door-forgot-about = Otrzymasz wiadomość z odnośnikiem, jeśli ten adres jest tu znany.
door-forgot-send = Wyślij odnośnik
door-forgot-sent-title = Sprawdź pocztę
door-forgot-sent-about = Jeśli ten adres jest tu znany, odnośnik jest w drodze. Działa przez godzinę.
door-back-link = Wróć do logowania

## Role
role-owner = Właściciel serwera
role-operator = Operator
role-tenant-admin = Administrator
role-tenant-operator = Pracownik
role-tenant-support = Wsparcie
role-tenant-viewer = Podgląd
role-customer-admin = Administrator
role-customer-viewer = Podgląd

## Nawigacja
nav-customers = Klienci
nav-systems = Wszystkie integracje
nav-runs = Przebiegi
nav-usage = Zużycie
nav-group-offer = Co oferujesz
nav-integrations = Dostępne integracje
nav-own = Własne systemy
nav-self-managed = Samodzielne integracje
nav-workflows = Szablony wdrożenia
nav-group-organisation = Twoja organizacja
nav-staff = Ludzie
nav-audit = Dziennik
nav-settings = Ustawienia
nav-my-integrations = Integracje
nav-my-transfers = Co się przesyła
nav-my-usage = Zużycie
nav-my-services = Kto pobiera Twoje dane
nav-group-account = Twoje konto
nav-my-people = Ludzie
nav-my-audit = Co zrobiono
nav-host = Stan
nav-tenants = Organizacje
nav-explain = Dlaczego to (nie) działa?
nav-group-trust = Zaufanie
nav-connectors = Konektory
nav-trust = Wydawcy
nav-addresses = Dozwolone adresy
nav-keys = Klucze
nav-group-host = Ten serwer
nav-operators = Operatorzy
nav-host-audit = Dziennik

## Słowa wielu stron
status = Stan
status-active = Aktywny
status-inactive = Nieaktywny
status-deleting = Usuwany
status-deleted = Usunięty
needs-attention = Wymaga uwagi
until-day = do { $day }
yes = Tak
no = Nie
edit = Edytuj
save = Zapisz
copy = Kopiuj
pick = Wybór
pick-one = Wybierz { $name }
filter-any = Dowolne
filter-more = Więcej filtrów
filter-apply = Szukaj
filter-clear = Wyczyść filtry
pager = Strony
pager-first = Pierwsza strona
pager-next = Następna strona
form-optional = opcjonalnie
form-back = Wróć
confirm-title = Potwierdź
confirm-yes = Tak, zrób to
confirm-no = Nie, wróć
window = Czas
window-always = Zawsze
window-begins = Od { $instant }
window-last = Ostatni dostęp { $instant },
window-ends = koniec { $instant } { $zone }
window-start = Pierwszy dzień
window-end = Ostatni dzień + 1
window-hint = Dni zaczynają się o północy w strefie { $zone }. Koniec to dzień, od którego dostępu już nie ma; puste pole oznacza brak końca.
ask-tenant-admin = To, na co Twoja rola nie pozwala, nie jest pokazane. Zapytaj administratora swojej organizacji.
time-now = przed chwilą
time-minute-ago = { $count ->
    [one] { $count } minutę temu
    [few] { $count } minuty temu
   *[many] { $count } minut temu
}
time-minute-in = { $count ->
    [one] za { $count } minutę
    [few] za { $count } minuty
   *[many] za { $count } minut
}
time-hour-ago = { $count ->
    [one] { $count } godzinę temu
    [few] { $count } godziny temu
   *[many] { $count } godzin temu
}
time-hour-in = { $count ->
    [one] za { $count } godzinę
    [few] za { $count } godziny
   *[many] za { $count } godzin
}
time-day-ago = { $count ->
    [one] { $count } dzień temu
   *[many] { $count } dni temu
}
time-day-in = { $count ->
    [one] za { $count } dzień
   *[many] za { $count } dni
}
month-1 = stycznia
month-2 = lutego
month-3 = marca
month-4 = kwietnia
month-5 = maja
month-6 = czerwca
month-7 = lipca
month-8 = sierpnia
month-9 = września
month-10 = października
month-11 = listopada
month-12 = grudnia

## Klienci
customers-about = Wszyscy, których dane przesyłasz, i ich stan.
customers-new = Nowy klient
customers-import = Importuj tabelę
customers-name = Nazwa
customers-labels = Etykiety
customers-labels-hint = Słowa do wyszukiwania, oddzielone przecinkami.
customers-systems = Systemy
customers-since = Od kiedy
customers-external-id = Twój numer
customers-external-id-hint = Numer klienta w Twoim systemie.
customers-filter-name = Nazwa zawiera
customers-filter-status = Stan
customers-filter-label = Etykieta
customers-filter-needs-attention = Wymaga uwagi
customers-filter-external-id = Twój numer
customers-filter-connector = Konektor
customers-filter-workflow = Szablon wdrożenia
customers-filter-created-from = Od kiedy
customers-filter-created-before = Przed
customers-filter-sort = Kolejność
sort-name = Nazwa od A
sort-name-down = Nazwa od Z
sort-created = Od najstarszych
sort-created-down = Od najnowszych
customers-many = Wybrani klienci
customers-until = Znowu aktywny od
customers-until-hint = Puste: aż ktoś aktywuje.
customers-reason = Powód
customers-reason-hint = Czytają go Twoi współpracownicy.
customers-deactivate = Dezaktywuj
customers-activate = Aktywuj
customers-none = Nie ma jeszcze klientów
customers-none-about = Klient to ktoś, czyje dane przesyłasz. Dodaj pierwszego; na początku jest nieaktywny.
customers-none-found = Nie ma takich klientów
customers-none-found-about = Żaden klient nie spełnia wszystkich filtrów. Usuń jeden z nich.
done-customers-switched = Wybrani klienci zostali przełączeni.
done-customer-created = Klient został dodany. Jest nieaktywny, aż lista wdrożenia będzie gotowa.
done-customer-changed = Zmiany zostały zapisane.
done-customer-activated = Klient jest aktywny.
done-customer-deactivated = Klient jest nieaktywny. Nic się nie przesyła.
done-customer-deleting = Usuwanie się rozpoczęło.
customer-new-about = Wystarczy nazwa; resztę można dodać później. Nowy klient jest nieaktywny.
customer-create = Dodaj klienta
customer-edit-title = Edycja: { $name }
customer-log-in-as = Zaloguj się jako
customer-inactive = Nic tego klienta się nie przesyła.
customer-inactive-about = Jego użytkownicy nie mogą się zalogować, a zewnętrzne usługi nic nie otrzymują.
customer-active-from = Będzie znowu aktywny od { $instant }.
customer-leaving = Ten klient odchodzi.
customer-leaving-about = Nic się już nie prześle, a jego dane znikają.
customer-receipt-link = Stan usuwania i pokwitowanie
customer-about = Informacje
customer-delete = Usuń
contact = Kontakt
contact-name = Osoba
contact-email = E-mail
contact-phone = Telefon
quota = Ile może zużyć
quota-period = Liczone za
quota-records = Rekordy
quota-bytes = Bajty
quota-runs = Przebiegi
quota-pulls = Pobrane strony
quota-hint = Puste pole oznacza brak limitu.
period-month = Miesiąc kalendarzowy
period-ever = Cały czas
onboarding = Lista wdrożenia
onboarding-about = Kroki można wykonać w dowolnej kolejności, może to zrobić każdy i później kontynuować.
onboarding-go = Zrób to
step-created = Klient jest dodany
step-workflow = Szablon wdrożenia jest zastosowany
step-connections = Systemy są podłączone
step-endpoints = Punkty końcowe są gotowe
step-check = Systemy odpowiadają
step-active = Klient jest aktywny
customer-deactivate = Dezaktywacja: { $name }
customer-deactivate-about = Trwające transfery zatrzymają się przed następną partią, użytkownicy zostaną wylogowani, a zewnętrzne usługi nic nie otrzymają.
customer-open = Zaloguj się jako { $name }
customer-open-about = Działasz na tym koncie przez godzinę. Jego użytkownicy to zobaczą, wraz z powodem.
customer-open-reason = Powód
customer-open-reason-hint = Klient go przeczyta.
customer-delete-title = Usuwanie: { $name }
customer-delete-title-about = Tego nie można cofnąć.
customer-delete-warning = Wszystko tego klienta zniknie na zawsze.
customer-delete-moves = Transfery się zatrzymają, a dostęp na platformach zostanie cofnięty.
customer-delete-people = Użytkownicy nie będą mogli się zalogować, a klucze zewnętrznych usług wygasną.
customer-delete-data = Rekordów, danych logowania i danych osobowych nie będzie można odczytać, nawet z kopii zapasowych.
customer-delete-totals = Sumy zużycia zostają na Twoich zestawieniach, bez nazwy.
customer-delete-name = Wpisz nazwę klienta
deletion = Usuwanie
deletion-asked = Zlecone
deletion-ended = Zakończone
deletion-platforms = Na platformach
deletion-rows = Co zniknęło
deletion-table = Co
deletion-count = Ile
deletion-receipt = Pokwitowanie
deletion-receipt-about = Podpisał je ten serwer. Kto je ma, może je sprawdzić kluczem tego serwera.
stage-stopping = Zatrzymywanie
stage-leaving = Opuszczanie platform
stage-destroying = Niszczenie klucza
stage-sweeping = Czyszczenie
stage-done = Gotowe
tab-overview = Przegląd
tab-systems = Używane systemy
tab-endpoints = Punkty końcowe
tab-mappings = Mapowania
tab-transfers = Transfery
tab-runs = Przebiegi
tab-services = Zewnętrzne usługi
tab-usage = Zużycie
tab-people = Ludzie
tab-audit = Dziennik

## Import
import-about = Tabela CSV z tymi nagłówkami. Wszystkie wiersze są sprawdzane, zanim powstanie pierwszy klient.
import-file = Wczytaj plik
import-table = Tabela
import-dry-run = Tylko powiedz, co by powstało
import-dry-run-hint = Wtedy nic się nie zmienia.
import-send = Importuj
import-done = Tabela została zaimportowana
import-tried = To zostałoby zaimportowane
import-refused = Nic nie zaimportowano
import-created = dodano
import-would-create = zostałoby dodanych
import-present = już było
import-wrong = Błędne wiersze
import-wrong-about = Popraw te wiersze i zaimportuj tabelę ponownie. Nic nie powstało.
import-line = Wiersz { $line }
import-again = Inna tabela

## Wzornik
design = Wzornik
design-about = Każda część, z której składają się strony, w każdym stanie, w obu motywach.
design-type = Pismo
design-sample-h1 = Zamówienia wiosenne
design-sample-h2 = Co się wczoraj przesłało
design-sample-h3 = Dwanaście systemów
design-sample-text = Nic się nie przesyła, dopóki nie wolno, nie jest w swoim czasie i nie jest zważone.
design-sample-link = Odnośnik w zdaniu
design-sample-soft = Co dobrze wiedzieć, a nie trzeba.
design-states = Stany
design-actions = Działania
design-primary = Do czego jest strona
design-plain = Coś innego
design-danger = Nie można cofnąć
design-small = Mały
design-disabled = W toku
design-forms = Formularze
design-copied = Kopiowane w całości
design-tables = Tabele
design-empty = Gdzie jeszcze nic nie ma
tone-good = Działa
tone-warn = Kogoś potrzebuje
tone-bad = Nie działa
tone-busy = W toku
tone-mute = Wyłączone
