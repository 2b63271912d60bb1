%% office_sup, version 2: the lamp comes first and is needed always, a phone is new,
%% and the supervisor bears more.
-module(office_sup).
-vsn("2").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(Count) ->
    {ok, {#{strategy => rest_for_one, intensity => 4},
          [#{id => lamp, start => {echo_loop, start_link, [lamp, #{echoed => 0}]}},
           #{id => desk, start => {counter, start_link, [desk, Count]},
             shutdown => brutal_kill},
           #{id => phone, start => {counter, start_link, [phone, 0]},
             restart => temporary}]}}.
