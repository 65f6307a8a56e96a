using System.Collections.Frozen;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.WebApi.Http;

/// <summary>The texts of problems. English sentences are the keys of their translations; a test finds every one that has none.</summary>
internal static class ProblemTexts
{
    private static readonly FrozenDictionary<string, (string English, string Russian)> Titles =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            ["validation_failed"] = ("Not well-formed", "Неверный формат"),
            ["malformed_request"] = ("Malformed request", "Запрос не читается"),
            ["unsupported_media_type"] = ("Unsupported media type", "Неподдерживаемый тип данных"),
            ["payload_too_large"] = ("Body too large", "Слишком большой запрос"),
            ["not_found"] = ("Not found", "Не найдено"),
            ["method_not_allowed"] = ("Method not allowed", "Метод не поддерживается"),
            ["receipt_not_authentic"] = ("Receipt not authentic", "Отчёт не подписан"),
            ["unavailable"] = ("Unavailable", "Сервис недоступен"),
            ["internal_error"] = ("Internal error", "Внутренняя ошибка"),
            ["country_not_supported"] = ("Country not supported", "Страна не поддерживается"),
            ["resend_too_soon"] = ("Resend too soon", "Слишком частая отправка"),
            ["send_limit_reached"] = ("Send limit reached", "Достигнут предел отправок"),
            ["phone_locked"] = ("Number locked", "Номер временно заблокирован"),
            ["phone_disabled"] = ("Number disabled", "Номер заблокирован"),
            ["too_many_requests"] = ("Too many requests", "Слишком много запросов"),
            ["code_invalid"] = ("Wrong code", "Неверный код"),
            ["code_expired"] = ("Code no longer valid", "Код больше не действует"),
            ["user_blocked"] = ("Account blocked", "Аккаунт заблокирован"),
            ["unauthenticated"] = ("Not signed in", "Вход не выполнен"),
            ["not_your_profile"] = ("Not your profile", "Чужой профиль"),
            ["invite_code_already_activated"] = ("Already activated", "Код уже активирован"),
            ["too_many_invite_attempts"] = ("Too many invite codes tried", "Слишком много попыток"),
            ["invite_code_own"] = ("Your own invite code", "Собственный инвайт-код"),
            ["invite_code_not_found"] = ("No such invite code", "Инвайт-код не найден"),
            ["refresh_token_invalid"] = ("Refresh token not valid", "Сессия недействительна"),
            ["session_not_found"] = ("No such session", "Сессия не найдена"),
            ["user_not_found"] = ("No such user", "Пользователь не найден"),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Russian = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Some values are missing or not well-formed."] = "Некоторые значения не указаны или указаны неверно.",
        ["The body has to be one JSON object with members of the right types, each once."] =
            "Тело запроса должно быть одним объектом JSON с полями нужных типов, каждое один раз.",
        ["Send JSON, with the content type application/json."] = "Отправьте JSON с типом содержимого application/json.",
        ["The body is larger than 16 KiB."] = "Тело запроса больше 16 КиБ.",
        ["There is nothing at this address."] = "По этому адресу ничего нет.",
        ["This address does not take this method."] = "Этот адрес не принимает такой метод.",
        ["The service cannot do this just now; try again in a moment."] = "Сервис сейчас не может этого сделать, повторите чуть позже.",
        ["Something went wrong here; the trace id helps to find out what."] = "На нашей стороне произошла ошибка; разобраться поможет traceId.",
        ["This is not a possible phone number."] = "Такого номера телефона не бывает.",
        ["Type the digits of the code, all of them and nothing else."] = "Введите все цифры кода и ничего кроме них.",
        ["Codes are not sent to numbers of this country."] = "На номера этой страны коды не отправляются.",
        ["A code was sent a moment ago; wait before asking for another."] = "Код только что отправлен, подождите перед новым запросом.",
        ["Too many codes were sent to this number; try again later."] = "На этот номер отправлено слишком много кодов, повторите позже.",
        ["Too many wrong codes for this number; try again later."] = "Слишком много неверных кодов для этого номера, повторите позже.",
        ["This number is locked after too many wrong codes; ask support to unlock it."] =
            "Номер заблокирован из-за множества неверных кодов, обратитесь в поддержку.",
        ["Too many requests; try again later."] = "Слишком много запросов, повторите позже.",
        ["The code is wrong."] = "Код неверный.",
        ["This code is no longer valid; ask for a new one."] = "Этот код больше не действует, запросите новый.",
        ["This account is blocked; ask support about it."] = "Аккаунт заблокирован, обратитесь в поддержку.",
        ["No user has this number."] = "Пользователя с таким номером нет.",
        ["Sign in to do this."] = "Войдите, чтобы сделать это.",
        ["Only your own profile can be seen and changed."] = "Смотреть и менять можно только собственный профиль.",
        ["An invite code has six letters and digits."] = "Инвайт-код состоит из шести букв и цифр.",
        ["You have already activated an invite code; it can be done once."] = "Вы уже активировали инвайт-код, это можно сделать один раз.",
        ["Too many invite codes that do not exist; try again later."] = "Слишком много несуществующих инвайт-кодов, повторите позже.",
        ["This is your own invite code; activate somebody else's."] = "Это ваш собственный инвайт-код, активируйте чужой.",
        ["There is no such invite code, or it is no longer valid."] = "Такого инвайт-кода нет или он больше не действует.",
        ["This refresh token is no longer valid; sign in again."] = "Этот refresh-токен больше не действует, войдите снова.",
        ["You have no such session."] = "У вас нет такой сессии.",
        ["A device name has at most 64 printable characters."] = "Имя устройства: не больше 64 печатных символов.",
        ["This does not carry the gateway's signature."] = "Здесь нет подписи шлюза.",
        ["An Android app hash has eleven characters of Base64."] = "Хеш приложения Android: одиннадцать символов Base64.",
        ["Send the refresh token, at most 512 characters."] = "Отправьте refresh-токен, не длиннее 512 символов.",
        ["The limit is a whole number from 1 to 500."] = "limit — целое число от 1 до 500.",
        ["Send the next of the page before as it is."] = "В after передайте next предыдущей страницы без изменений.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every code that a problem may have, in the order of the alphabet; one that only operators' commands give is not among them.</summary>
    public static IEnumerable<string> Codes =>
        Titles.Keys.Where(code => !string.Equals(code, UserErrors.NotFound.Code, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static string Title(string code, string language) =>
        Titles.TryGetValue(code, out var title) ? IsRussian(language) ? title.Russian : title.English : code;

    public static string Translate(string message, string language) =>
        IsRussian(language) && Russian.TryGetValue(message, out var translation) ? translation : message;

    private static bool IsRussian(string language) => string.Equals(language, Languages.Russian, StringComparison.Ordinal);
}
